TITLE the simple model of a spiking neuron for the tests: an event sets V
NEURON { POINT_PROCESS testizh NONSPECIFIC_CURRENT i RANGE a, b, u, g }
PARAMETER { a = 0.02 b = 0.2 c = -65 (mV) d = 8 vpeak = 30 (mV) bias = 10 scale = 0.01 (nA) }
STATE { u g (nA) }
ASSIGNED { v (mV) i (nA) }
INITIAL { u = b*v g = 0 net_send(0, 1) }
BREAKPOINT {
    SOLVE states METHOD derivimplicit
    i = -scale*(0.04*v*v + 5*v + 140 - u + bias) - g
}
DERIVATIVE states {
    u' = a*(b*v - u)
    g' = -g/5
}
NET_RECEIVE(w (nA)) {
    if (flag == 1) {
        WATCH (v > vpeak) 2
    } else if (flag == 2) {
        net_event(t)
        v = c
        u = u + d
    } else if (w < 0) {
        v = v + w
    } else {
        g = g + w
    }
}

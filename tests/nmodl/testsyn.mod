TITLE synapse for the tests: conductance with depression of each connection, and a late second release

NEURON {
    POINT_PROCESS testsyn
    NONSPECIFIC_CURRENT i
    RANGE tau, e
}
PARAMETER { tau = 3 (ms) e = 0 (mV) recovery = 50 (ms) late = 4 (ms) }
STATE { g (uS) }
ASSIGNED { v (mV) i (nA) }
INITIAL { g = 0 }
BREAKPOINT {
    SOLVE state METHOD cnexp
    i = g*(v - e)
}
DERIVATIVE state { g' = -g/tau }
NET_RECEIVE(w (uS), r, last (ms)) {
    INITIAL { r = 1 last = -1000 }
    if (flag == 0) {
        r = 1 - (1 - r)*exp(-(t - last)/recovery)
        g = g + w*r
        r = r/2
        last = t
        net_send(late, 1)
    } else {
        g = g + w/4
    }
}

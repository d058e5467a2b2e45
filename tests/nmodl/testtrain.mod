TITLE synapse for the tests: facilitation and depression that recover between events, by their own times

NEURON {
    POINT_PROCESS testtrain
    NONSPECIFIC_CURRENT i
    RANGE tau, e, total
}
PARAMETER { tau = 3 (ms) e = 0 (mV) recovery = 50 (ms) facilitation = 20 (ms) use = 0.2 }
STATE { g (uS) }
ASSIGNED { v (mV) i (nA) total (ms) }
INITIAL { g = 0 total = 0 }
BREAKPOINT {
    SOLVE state METHOD cnexp
    i = g*(v - e)
}
DERIVATIVE state { g' = -g/tau }
NET_RECEIVE(w (uS), r, u, last (ms)) {
    INITIAL { r = 1 u = 0 last = 0 }
    r = 1 - (1 - r)*exp(-(t - last)/recovery)
    u = use + u*(1 - use)*exp(-(t - last)/facilitation)
    g = g + w*r*u
    r = r*(1 - u)
    last = t
    total = total + t
}

TITLE Calcium in a thin shell, which leaves it exponentially

NEURON {
    SUFFIX calcium_pool
    USEION ca READ ica, cai WRITE cai
    RANGE depth, tau, rest
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
}

UNITS {
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    depth = 0.2 (um)
    tau = 60 (ms)
    rest = 1e-4 (mM)
}

ASSIGNED {
    ica (mA/cm2)
}

STATE { cai (mM) }

INITIAL {
    cai = rest
}

BREAKPOINT {
    SOLVE states METHOD cnexp
}

DERIVATIVE states {
    cai' = -10000*ica/(2*FARADAY*depth) + (rest - cai)/tau
}

TITLE calcium for the tests: a nonlinear kinetic scheme whose rates and sources follow states

NEURON {
    SUFFIX testpumps
    USEION ca READ ica, cai WRITE cai
    RANGE depth, fastest
}
UNITS { F = (faraday) (coulomb) }
PARAMETER { depth = 0.2 (um) fastest = 4e-3 (mM/ms) half = 2e-4 (mM) total = 0.02 (mM) }
ASSIGNED { ica (mA/cm2) cai (mM) }
STATE { ca (mM) buffer (mM) bound (mM) store (mM) }
INITIAL {
    ca = cai
    buffer = total*0.5/(0.5 + 50*ca)
    bound = total - buffer
    store = 0.1
}
BREAKPOINT { SOLVE scheme METHOD sparse }
KINETIC scheme { LOCAL filled
    COMPARTMENT 0.8 {ca buffer bound}
    COMPARTMENT 0.2 {store}
    filled = bound/total
    ~ ca << (-ica*(10000)/(2*F*depth))
    ~ ca << (-fastest*ca*ca/(ca*ca + half*half) + 1e-3*store)
    ~ store -> (1e-4*(1 + filled)*ca/(ca + half))
    ~ ca + buffer <-> bound (50, 0.5)
    CONSERVE bound + buffer = total*0.8
    cai = ca
}

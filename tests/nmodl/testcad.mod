TITLE calcium pool with a saturating pump for the tests

NEURON {
    SUFFIX testcad
    USEION ca READ ica, cai WRITE cai
    RANGE depth, kt
}
UNITS { FARADAY = (faraday) (coulomb) }
PARAMETER {
    depth = 0.1 (um)
    taur = 80 (ms)
    cainf = 1e-4 (mM)
    kt = 1e-4 (mM/ms)
    kd = 1e-4 (mM)
}
STATE { cai (mM) }
ASSIGNED { ica (mA/cm2) }
INITIAL { cai = cainf }
BREAKPOINT { SOLVE state METHOD derivimplicit }
DERIVATIVE state {
    cai' = -(10000)*ica/(2*FARADAY*depth) - kt*cai/(cai + kd) + (cainf - cai)/taur
}

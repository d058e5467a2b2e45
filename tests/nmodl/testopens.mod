TITLE a potassium current for the tests: a linear kinetic scheme whose rates and sources follow states

NEURON {
    SUFFIX testopens
    USEION ca READ cai
    USEION k READ ek WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 2e-3 (S/cm2) }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) cai (mM) }
STATE { shut open }
INITIAL { shut = 1 open = 0 }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    ik = gbar*open*(v - ek)
}
KINETIC scheme {
    ~ shut <-> open (200*cai*(1 + open), 0.05)
    ~ open << (-0.02*open*open)
}

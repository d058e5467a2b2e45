TITLE potassium for the tests: two open states that calcium and voltage open, as a kinetic scheme

NEURON {
    SUFFIX testkca
    USEION ca READ cai
    USEION k READ ek WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 0.02 (S/cm2) a = 0.4 (/ms) b = 0.25 (/ms) kd = 3e-4 (mM) }
STATE { c o1 o2 }
ASSIGNED { v (mV) cai (mM) ek (mV) ik (mA/cm2) }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    ik = gbar*(o1 + 2*o2)*(v - ek)
}
INITIAL { SOLVE scheme STEADYSTATE sparse }
KINETIC scheme {
    ~ c <-> o1 (a*cai/(cai + kd), b)
    ~ o1 <-> o2 (a*exp(v/30), b*exp(-v/40))
    CONSERVE c + o1 + o2 = 1
}

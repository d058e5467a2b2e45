TITLE a potassium current of channels that bind a messenger, for the tests: a nonlinear scheme with CONSERVE

NEURON {
    SUFFIX testbound
    USEION k READ ek WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 3e-3 (S/cm2) off = 0.05 (/ms) loss = 0.2 (/ms) total = 1 }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) made (/ms) on (/ms) }
STATE { messenger open closed }
INITIAL { messenger = 0 open = 0 closed = total }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    ik = gbar*open*(v - ek)
}
KINETIC scheme {
    made = 2/(1 + exp(-(v + 30)/5))
    on = 0.4
    ~ messenger << (made)
    ~ messenger -> (loss)
    ~ messenger + closed <-> open (on, off)
    CONSERVE open + closed = total
}

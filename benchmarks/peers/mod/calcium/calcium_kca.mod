TITLE Potassium opened by calcium

NEURON {
    SUFFIX calcium_kca
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
}

PARAMETER {
    gbar = 5e-4 (S/cm2)
    half = 2e-3 (mM)
}

ASSIGNED {
    v (mV)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
}

STATE { m }

INITIAL {
    m = steady(cai)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*m*(v - ek)
}

DERIVATIVE states {
    m' = (steady(cai) - m)/15
}

FUNCTION steady(c (mM)) {
    steady = (c/half)^2/(1 + (c/half)^2)
}

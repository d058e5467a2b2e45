TITLE Potassium, a delayed rectifier

NEURON {
    SUFFIX calcium_kdr
    USEION k READ ek WRITE ik
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
    gbar = 0.01 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    ninf
    ntau (ms)
}

STATE { n }

INITIAL {
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n^4*(v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n)/ntau
}

PROCEDURE rates(v (mV)) {
    LOCAL a, b
    UNITSOFF
    a = 0.032*vtrap(-(v + 45), 5)
    b = 0.5*exp(-(v + 50)/40)
    ninf = a/(a + b)
    ntau = 1/(a + b)
    UNITSON
}

FUNCTION vtrap(u, s) {
    if (fabs(u/s) < 1e-6) {
        vtrap = s*(1 - u/s/2)
    } else {
        vtrap = u/(exp(u/s) - 1)
    }
}

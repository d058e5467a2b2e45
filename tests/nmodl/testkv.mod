TITLE Potassium whose rates are in a TABLE that is made for a temperature

NEURON {
    SUFFIX testkv
    USEION k READ ek WRITE ik
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 5e-3 (S/cm2)
    celsius (degC)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    ninf
    ntau (ms)
    linf
    ltau (ms)
}

STATE { n l }

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n*n*l*(v - ek)
}

INITIAL {
    rates(v)
    n = ninf
    l = linf
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n)/ntau
    l' = (linf - l)/ltau
}

PROCEDURE rates(v (mV)) {
    LOCAL a, b, q
    TABLE ninf, ntau, linf, ltau DEPEND celsius FROM -90 TO 60 WITH 75
    q = 2.3^((celsius - 24)/10)
    a = 0.02*trap(-(v + 40), 9)
    b = 0.25*exp(-(v + 50)/70)
    ninf = a/(a + b)
    ntau = 1/(a + b)/q
    linf = 1/(1 + exp((v + 60)/12))
    ltau = (20 + 80/(1 + exp((v + 50)/15)))/q
}

FUNCTION trap(x, y) {
    if (fabs(x/y) < 1e-6) {
        trap = y*(1 - x/y/2)
    } else {
        trap = x/(exp(x/y) - 1)
    }
}

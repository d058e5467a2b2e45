TITLE Calcium of high threshold, by constant field

NEURON {
    SUFFIX calcium_ca
    USEION ca READ cai, cao WRITE ica
    RANGE pbar
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
    R = (k-mole) (joule/degC)
}

PARAMETER {
    pbar = 5e-5 (cm/s)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    ica (mA/cm2)
    minf
    mtau (ms)
}

STATE { m }

INITIAL {
    rates(v)
    m = minf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = pbar*m*m*ghk(v, cai, cao)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m)/mtau
}

PROCEDURE rates(v (mV)) {
    minf = 1/(1 + exp(-(v + 20)/7))
    mtau = 0.5 + 3/(1 + exp((v + 25)/12))
}

FUNCTION ghk(v (mV), ci (mM), co (mM)) (0.001 coul/cm3) {
    LOCAL z
    z = 0.001*2*FARADAY*v/(R*(celsius + 273.15))
    ghk = 0.001*2*FARADAY*(ci*efun(-z) - co*efun(z))
}

FUNCTION efun(z) {
    if (fabs(z) < 1e-4) {
        efun = 1 - z/2
    } else {
        efun = z/(exp(z) - 1)
    }
}

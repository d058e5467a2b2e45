TITLE Traub-Miles (Traub & Miles 1991, as in Brette et al., J Comput Neurosci 23:349, 2007)

NEURON {
    SUFFIX traub_miles
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gl, el, VT
    THREADSAFE
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gnabar = 0.1 (S/cm2)
    gkbar = 0.03 (S/cm2)
    gl = 5e-5 (S/cm2)
    el = -60 (mV)
    VT = -63 (mV)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ek (mV)
    ina (mA/cm2)
    ik (mA/cm2)
    il (mA/cm2)
    minf mtau (ms)
    hinf htau (ms)
    ninf ntau (ms)
}

STATE { m h n }

INITIAL {
    rates(v - VT)
    m = minf
    h = hinf
    n = ninf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = gnabar*m*m*m*h*(v - ena)
    ik = gkbar*n*n*n*n*(v - ek)
    il = gl*(v - el)
}

DERIVATIVE gates {
    rates(v - VT)
    m' = (minf - m)/mtau
    h' = (hinf - h)/htau
    n' = (ninf - n)/ntau
}

PROCEDURE rates(u (mV)) {
    LOCAL alpha, beta
    UNITSOFF
    alpha = 0.32*vtrap(13 - u, 4)
    beta = 0.28*vtrap(u - 40, 5)
    mtau = 1/(alpha + beta)
    minf = alpha*mtau
    alpha = 0.128*exp((17 - u)/18)
    beta = 4/(1 + exp((40 - u)/5))
    htau = 1/(alpha + beta)
    hinf = alpha*htau
    alpha = 0.032*vtrap(15 - u, 5)
    beta = 0.5*exp((10 - u)/40)
    ntau = 1/(alpha + beta)
    ninf = alpha*ntau
    UNITSON
}

FUNCTION vtrap(u, s) {
    if (fabs(u/s) < 1e-6) {
        vtrap = s*(1 - u/s/2)
    } else {
        vtrap = u/(exp(u/s) - 1)
    }
}

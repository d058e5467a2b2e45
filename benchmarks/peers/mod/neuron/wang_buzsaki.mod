TITLE Wang-Buzsaki (J Neurosci 16:6402, 1996)

: The lines that begin with :TABLE and :GLOBAL are for the tabulated version, which peers/neuron_peer.py makes of this one.

NEURON {
    SUFFIX wang_buzsaki
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gl, el
    :GLOBAL minf, hinf, htau, ninf, ntau
    THREADSAFE
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gnabar = 0.035 (S/cm2)
    gkbar = 0.009 (S/cm2)
    gl = 1e-4 (S/cm2)
    el = -65 (mV)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ek (mV)
    ina (mA/cm2)
    ik (mA/cm2)
    il (mA/cm2)
    minf
    hinf htau (ms)
    ninf ntau (ms)
}

STATE { m h n }

INITIAL {
    rates(v)
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
    rates(v)
    m = minf
    h' = (hinf - h)/htau
    n' = (ninf - n)/ntau
}

PROCEDURE rates(v (mV)) {
    LOCAL alpha, beta, phi
    :TABLE minf, hinf, htau, ninf, ntau FROM -100 TO 100 WITH 200
    UNITSOFF
    phi = 5
    alpha = 0.1*vtrap(-(v + 35), 10)
    beta = 4*exp(-(v + 60)/18)
    minf = alpha/(alpha + beta)
    alpha = 0.07*exp(-(v + 58)/20)
    beta = 1/(exp(-(v + 28)/10) + 1)
    hinf = alpha/(alpha + beta)
    htau = 1/(phi*(alpha + beta))
    alpha = 0.01*vtrap(-(v + 34), 10)
    beta = 0.125*exp(-(v + 44)/80)
    ninf = alpha/(alpha + beta)
    ntau = 1/(phi*(alpha + beta))
    UNITSON
}

FUNCTION vtrap(u, s) {
    if (fabs(u/s) < 1e-6) {
        vtrap = s*(1 - u/s/2)
    } else {
        vtrap = u/(exp(u/s) - 1)
    }
}

TITLE Connor-Stevens (Connor & Stevens 1971, as in Dayan & Abbott 2001, chapter 6)

: The lines that begin with :TABLE and :GLOBAL are for the tabulated version, which peers/neuron_peer.py makes of this one.

NEURON {
    SUFFIX connor_stevens
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gabar, gl, el, ashift
    :GLOBAL minf, mtau, hinf, htau, ninf, ntau, ainf, atau, binf, btau
    THREADSAFE
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gnabar = 0.12 (S/cm2)
    gkbar = 0.02 (S/cm2)
    gabar = 0.0477 (S/cm2)
    gl = 3e-4 (S/cm2)
    el = -70 (mV)
    ashift = 3 (mV)
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
    ainf atau (ms)
    binf btau (ms)
}

STATE { m h n a b }

INITIAL {
    rates(v)
    m = minf
    h = hinf
    n = ninf
    a = ainf
    b = binf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = gnabar*m*m*m*h*(v - ena)
    ik = gkbar*n*n*n*n*(v - ek) + gabar*a*a*a*b*(v - ek + ashift)
    il = gl*(v - el)
}

DERIVATIVE gates {
    rates(v)
    m' = (minf - m)/mtau
    h' = (hinf - h)/htau
    n' = (ninf - n)/ntau
    a' = (ainf - a)/atau
    b' = (binf - b)/btau
}

PROCEDURE rates(v (mV)) {
    LOCAL alpha, beta, power
    :TABLE minf, mtau, hinf, htau, ninf, ntau, ainf, atau, binf, btau FROM -100 TO 100 WITH 200
    UNITSOFF
    alpha = 0.38*vtrap(-(v + 29.7), 10)
    beta = 15.2*exp(-0.0556*(v + 54.7))
    mtau = 1/(alpha + beta)
    minf = alpha*mtau
    alpha = 0.266*exp(-0.05*(v + 48))
    beta = 3.8/(1 + exp(-0.1*(v + 18)))
    htau = 1/(alpha + beta)
    hinf = alpha*htau
    alpha = 0.02*vtrap(-(v + 45.7), 10)
    beta = 0.25*exp(-0.0125*(v + 55.7))
    ntau = 1/(alpha + beta)
    ninf = alpha*ntau
    ainf = (0.0761*exp(0.0314*(v + 94.22))/(1 + exp(0.0346*(v + 1.17))))^(1/3.0)
    atau = 0.3632 + 1.158/(1 + exp(0.0497*(v + 55.96)))
    power = 1/(1 + exp(0.0688*(v + 53.3)))
    binf = power*power*power*power
    btau = 1.24 + 2.678/(1 + exp(0.0624*(v + 50)))
    UNITSON
}

FUNCTION vtrap(u, s) {
    if (fabs(u/s) < 1e-6) {
        vtrap = s*(1 - u/s/2)
    } else {
        vtrap = u/(exp(u/s) - 1)
    }
}

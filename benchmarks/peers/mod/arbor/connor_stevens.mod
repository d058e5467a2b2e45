: Connor-Stevens (Connor & Stevens 1971, as in Dayan & Abbott 2001, chapter 6), in Arbor's dialect

NEURON {
    SUFFIX connor_stevens
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gabar, gl, el, ashift
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

STATE { m h n a b }

INITIAL {
    m = m_alpha(v)/(m_alpha(v) + m_beta(v))
    h = h_alpha(v)/(h_alpha(v) + h_beta(v))
    n = n_alpha(v)/(n_alpha(v) + n_beta(v))
    a = a_inf(v)
    b = b_inf(v)
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = gnabar*m*m*m*h*(v - ena)
    ik = gkbar*n*n*n*n*(v - ek) + gabar*a*a*a*b*(v - ek + ashift)
    il = gl*(v - el)
}

DERIVATIVE gates {
    LOCAL am, bm, ah, bh, an, bn
    am = m_alpha(v)
    bm = m_beta(v)
    ah = h_alpha(v)
    bh = h_beta(v)
    an = n_alpha(v)
    bn = n_beta(v)
    m' = am - m*(am + bm)
    h' = ah - h*(ah + bh)
    n' = an - n*(an + bn)
    a' = (a_inf(v) - a)/(0.3632 + 1.158/(1 + exp(0.0497*(v + 55.96))))
    b' = (b_inf(v) - b)/(1.24 + 2.678/(1 + exp(0.0624*(v + 50))))
}

FUNCTION m_alpha(v) { m_alpha = 3.8*exprelr(-0.1*(v + 29.7)) }
FUNCTION m_beta(v) { m_beta = 15.2*exp(-0.0556*(v + 54.7)) }
FUNCTION h_alpha(v) { h_alpha = 0.266*exp(-0.05*(v + 48)) }
FUNCTION h_beta(v) { h_beta = 3.8/(1 + exp(-0.1*(v + 18))) }
FUNCTION n_alpha(v) { n_alpha = 0.2*exprelr(-0.1*(v + 45.7)) }
FUNCTION n_beta(v) { n_beta = 0.25*exp(-0.0125*(v + 55.7)) }
FUNCTION a_inf(v) { a_inf = (0.0761*exp(0.0314*(v + 94.22))/(1 + exp(0.0346*(v + 1.17))))^0.333333333333333333 }
FUNCTION b_inf(v) {
    LOCAL x
    x = 1/(1 + exp(0.0688*(v + 53.3)))
    b_inf = x*x*x*x
}

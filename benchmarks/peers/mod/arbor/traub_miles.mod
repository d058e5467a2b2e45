: Traub-Miles (Traub & Miles 1991, as in Brette et al., J Comput Neurosci 23:349, 2007), in Arbor's dialect

NEURON {
    SUFFIX traub_miles
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gl, el
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
}

STATE { m h n }

INITIAL {
    LOCAL u
    u = v + 63
    m = m_alpha(u)/(m_alpha(u) + m_beta(u))
    h = h_alpha(u)/(h_alpha(u) + h_beta(u))
    n = n_alpha(u)/(n_alpha(u) + n_beta(u))
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = gnabar*m*m*m*h*(v - ena)
    ik = gkbar*n*n*n*n*(v - ek)
    il = gl*(v - el)
}

DERIVATIVE gates {
    LOCAL u, am, bm, ah, bh, an, bn
    u = v + 63
    am = m_alpha(u)
    bm = m_beta(u)
    ah = h_alpha(u)
    bh = h_beta(u)
    an = n_alpha(u)
    bn = n_beta(u)
    m' = am - m*(am + bm)
    h' = ah - h*(ah + bh)
    n' = an - n*(an + bn)
}

FUNCTION m_alpha(u) { m_alpha = 1.28*exprelr(0.25*(13 - u)) }
FUNCTION m_beta(u) { m_beta = 1.4*exprelr(0.2*(u - 40)) }
FUNCTION h_alpha(u) { h_alpha = 0.128*exp((17 - u)/18) }
FUNCTION h_beta(u) { h_beta = 4/(1 + exp(0.2*(40 - u))) }
FUNCTION n_alpha(u) { n_alpha = 0.16*exprelr(0.2*(15 - u)) }
FUNCTION n_beta(u) { n_beta = 0.5*exp(0.025*(10 - u)) }

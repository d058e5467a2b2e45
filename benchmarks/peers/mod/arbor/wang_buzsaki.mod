: Wang-Buzsaki (J Neurosci 16:6402, 1996), in Arbor's dialect; sodium activation at its steady state

NEURON {
    SUFFIX wang_buzsaki
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
    gnabar = 0.035 (S/cm2)
    gkbar = 0.009 (S/cm2)
    gl = 1e-4 (S/cm2)
    el = -65 (mV)
}

STATE { h n }

INITIAL {
    h = h_alpha(v)/(h_alpha(v) + h_beta(v))
    n = n_alpha(v)/(n_alpha(v) + n_beta(v))
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    LOCAL am, m
    am = exprelr(-0.1*(v + 35))
    m = am/(am + 4*exp(-(v + 60)/18))
    ina = gnabar*m*m*m*h*(v - ena)
    ik = gkbar*n*n*n*n*(v - ek)
    il = gl*(v - el)
}

DERIVATIVE gates {
    LOCAL ah, bh, an, bn
    ah = 5*h_alpha(v)
    bh = 5*h_beta(v)
    an = 5*n_alpha(v)
    bn = 5*n_beta(v)
    h' = ah - h*(ah + bh)
    n' = an - n*(an + bn)
}

FUNCTION h_alpha(v) { h_alpha = 0.07*exp(-0.05*(v + 58)) }
FUNCTION h_beta(v) { h_beta = 1/(exp(-0.1*(v + 28)) + 1) }
FUNCTION n_alpha(v) { n_alpha = 0.1*exprelr(-0.1*(v + 34)) }
FUNCTION n_beta(v) { n_beta = 0.125*exp(-(v + 44)/80) }

TITLE Potassium of slow opening, the M current

NEURON {
    SUFFIX calcium_m
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
    gbar = 1e-4 (S/cm2)
    taumax = 1000 (ms)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
}

STATE { m }

INITIAL {
    m = 1/(1 + exp(-(v + 35)/10))
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*m*(v - ek)
}

DERIVATIVE states {
    LOCAL inf, tau
    inf = 1/(1 + exp(-(v + 35)/10))
    tau = taumax/(3.3*exp((v + 35)/20) + exp(-(v + 35)/20))
    m' = (inf - m)/tau
}

TITLE Sodium, by rates that double and more with 10 degrees

NEURON {
    SUFFIX calcium_na
    USEION na READ ena WRITE ina
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
    gbar = 0.05 (S/cm2)
    q10 = 2.3
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ena (mV)
    ina (mA/cm2)
    minf hinf
    mtau (ms) htau (ms)
}

STATE { m h }

INITIAL {
    rates(v)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gbar*m*m*m*h*(v - ena)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m)/mtau
    h' = (hinf - h)/htau
}

PROCEDURE rates(v (mV)) {
    LOCAL a, b, q
    UNITSOFF
    q = q10^((celsius - 23)/10)
    a = 0.182*vtrap(-(v + 38), 7)
    b = 0.124*vtrap(v + 38, 7)
    minf = a/(a + b)
    mtau = 1/(q*(a + b))
    a = 0.024*vtrap(-(v + 50), 5)
    b = 0.0091*vtrap(v + 75, 5)
    hinf = 1/(1 + exp((v + 65)/6.2))
    htau = 1/(q*(a + b))
    UNITSON
}

FUNCTION vtrap(u, s) {
    if (fabs(u/s) < 1e-6) {
        vtrap = s*(1 - u/s/2)
    } else {
        vtrap = u/(exp(u/s) - 1)
    }
}

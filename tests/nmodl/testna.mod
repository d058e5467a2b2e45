TITLE sodium for the tests, with q10

NEURON {
    SUFFIX testna
    USEION na READ ena WRITE ina
    RANGE gbar, g
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER {
    gbar = 0.12 (S/cm2)
    q10 = 2.3
}
STATE { m h }
ASSIGNED { v (mV) ena (mV) ina (mA/cm2) g (S/cm2) celsius (degC) minf hinf mtau (ms) htau (ms) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*m^3*h
    ina = g*(v - ena)
}
INITIAL {
    rates(v)
    m = minf
    h = hinf
}
DERIVATIVE states {
    rates(v)
    m' = (minf - m)/mtau
    h' = (hinf - h)/htau
}
FUNCTION linoid(x, y) {
    if (fabs(x/y) < 1e-6) {
        linoid = y*(1 - x/y/2)
    } else {
        linoid = x/(exp(x/y) - 1)
    }
}
PROCEDURE rates(v (mV)) {
    LOCAL a, b, qt
    qt = q10^((celsius - 23)/10)
    a = 0.182*linoid(-(v + 35), 9)
    b = 0.124*linoid(v + 35, 9)
    mtau = 1/(a + b)/qt
    minf = a/(a + b)
    a = 0.024*linoid(-(v + 50), 5)
    b = 0.0091*linoid(v + 75, 5)
    htau = 1/(a + b)/qt
    hinf = 1/(1 + exp((v + 65)/6.2))
}

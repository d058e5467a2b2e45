// The sources keep this header at their top; installed packages keep it in a folder of its own, as users include it.
#include "../../kissfft.hh"

// Takes a step that is no program; gives its effect.
#ifndef AIRLOCK_BUILT_IN_H
#define AIRLOCK_BUILT_IN_H

#include "plan.h"

int make_directory(const struct step *step, struct fault *fault);
int write_file(const struct step *step, struct fault *fault);
int make_link(const struct step *step, struct fault *fault);

#endif

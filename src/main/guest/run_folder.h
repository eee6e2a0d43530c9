// /run/airlock: what of ours the programs of steps use by its path. The folder lies in memory, on
// the tmpfs that this program mounts, so it is writable whatever the image is.
#ifndef AIRLOCK_RUN_FOLDER_H
#define AIRLOCK_RUN_FOLDER_H

#include "fault.h"

// A socket that listens at `agent`, for root alone.
int run_folder_agent(struct fault *fault);

// Puts this program there as `connect`, for all to execute.
int run_folder_connect(struct fault *fault);

#endif

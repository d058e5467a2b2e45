// SPDX-License-Identifier: MIT
#pragma once

/// The version of hillock, for the preprocessor: `#if HILLOCK_VERSION_MINOR >= 2`. Breaking changes raise the
/// minor number until version 1, the major one from then on. See CHANGELOG.md.

#define HILLOCK_VERSION_MAJOR 0
#define HILLOCK_VERSION_MINOR 2
#define HILLOCK_VERSION_PATCH 0
#define HILLOCK_VERSION "0.2.0"

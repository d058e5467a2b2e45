// SPDX-License-Identifier: MIT
#pragma once

/// The version of hillock, for the preprocessor: `#if HILLOCK_VERSION_MINOR >= 2`. Breaking changes raise the
/// minor number until version 1, the major one from then on. See CHANGELOG.md.

/// Raised by breaking changes from version 1 on.
#define HILLOCK_VERSION_MAJOR 0
/// Raised by additions; before version 1 by breaking changes.
#define HILLOCK_VERSION_MINOR 2
/// Raised by corrections.
#define HILLOCK_VERSION_PATCH 0
/// All three as text.
#define HILLOCK_VERSION "0.2.0"

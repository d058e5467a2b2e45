// SPDX-License-Identifier: MIT
#pragma once

/// TESTS_ARE_SANITIZED is 1 where g++'s or clang's address or thread sanitizer takes all addresses for itself, so that
/// address space cannot be limited, and else 0.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TESTS_ARE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TESTS_ARE_SANITIZED 1
#endif
#endif
#ifndef TESTS_ARE_SANITIZED
#define TESTS_ARE_SANITIZED 0
#endif

// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::files {

/// Owns an open file of the operating system, or none.
class Descriptor {
public:
    Descriptor() = default;
    /// Takes what `open` has returned; -1 is none, and `errno` says why.
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    explicit operator bool() const { return number_ >= 0; }
    int number() const { return number_; }

    /// Closes it; false if what was written may be lost, and `errno` says why.
    bool close() {
        auto const number = std::exchange(number_, -1);
        return number < 0 || ::close(number) == 0 || errno == EINTR;
    }

    /// The same open file with a number above those of stdin, stdout and stderr: a program started without
    /// one of these would print into whatever file has its number.
    static Descriptor apart_from_streams(int number) {
        return Descriptor(::fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    }

private:
    int number_ = -1;
};

}  // namespace hillock::inline HILLOCK_ISA::files

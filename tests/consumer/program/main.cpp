// SPDX-License-Identifier: MIT
#include <cstdio>
#include <string_view>
#include <thread>

#include <hillock/hillock.hpp>

/// Needs the headers of all dependencies, the library of fmt, threads, and C++20.
int main() {
    bool refused = false;
    std::jthread([&] {
        try {
            hillock::Cells(2, 1);
        } catch (hillock::Error const& error) {
            std::puts(error.what());
            refused = std::string_view(error.what()).starts_with("cells [2, 1)");
        }
    }).join();
    return refused ? 0 : 1;
}

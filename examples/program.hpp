// SPDX-License-Identifier: MIT
#pragma once

/// Frames the examples' main functions: reads options, reports errors, checks that all that was printed has
/// been written.

#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/files/path.hpp>
#include <hillock/files/streams.hpp>
#include <hillock/run/interrupt.hpp>
#include <hillock/words/error.hpp>

/// Reads the options and calls `body`, whose exit status (if it returns one) it returns; of --help and of
/// options that are wrong it is CLI11's. Throws if something printed on stdout has not been written.
/// A pipe that nobody reads is an error as any other, not a signal that ends the program.
/// `speaks` is false on a rank that leaves it to another one to explain options.
template <class Body>
int run_with_options(CLI::App& app, int argc, char** argv, Body const& body, bool speaks = true) {
    std::signal(SIGPIPE, SIG_IGN);
    int status = 0;
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        status = speaks ? app.exit(error) : error.get_exit_code();
        hillock::finish_stdout();
        return status;
    }
    if constexpr (std::is_void_v<std::invoke_result_t<Body>>)
        body();
    else
        status = body();
    hillock::finish_stdout();
    return status;
}

/// The same as the whole of a main function: an error is printed behind the program's name, and makes the
/// exit status 1.
template <class Body>
int run_program(CLI::App& app, int argc, char** argv, Body const& body) {
    try {
        return run_with_options(app, argc, argv, body);
    } catch (std::exception const& error) {
        hillock::print_error("{}: {}\n", std::filesystem::path(argv[0]).filename().string(), error.what());
        return 1;
    }
}

/// Refuses numbers that are not finite, and others that are not allowed. CLI11's own checks let NaN pass, and
/// print the greatest number with all its digits.
inline CLI::Validator number(std::string const& allowed, bool (*is_allowed)(double)) {
    return CLI::Validator(
        [=](std::string& text) {
            auto const x = std::strtod(text.c_str(), nullptr);
            return std::isfinite(x) && is_allowed(x) ? "" : text + ": must be a " + allowed;
        },
        "");
}
inline auto const is_number = number("finite number", [](double) { return true; });
inline auto const is_positive = number("finite number above 0", [](double x) { return x > 0; });
inline auto const is_not_negative = number("finite number, 0 or above", [](double x) { return x >= 0; });
/// Durations in ms that each program can run, or be stopped in.
inline auto const is_duration =
    number("number of ms from 0.001 to 1e10", [](double x) { return x >= 1e-3 && x <= 1e10; });
inline auto const is_duration_or_none =
    number("number of ms from 0 to 1e10", [](double x) { return x >= 0 && x <= 1e10; });

/// The `key1` of a program's own random streams; hillock has those below it.
inline constexpr std::uint32_t own_key = 100;

/// Says behind a raster's title that it shows one cell in so many; nothing where it shows all.
inline std::string one_cell_in(std::size_t many) {
    return many == 1 ? "" : fmt::format(", one cell in {}", many);
}

/// Prints that a signal has stopped a run at `t` ms, whose spikes are in the file `output`.
inline void print_stopped(hillock::Interrupt const& interrupt, double t, std::string const& output) {
    hillock::print_error("{}: stopped at t = {} ms; the spikes so far are in {}\n", interrupt.name(), t,
                         output);
}

/// A path and the option that gave it.
struct FileOption {
    std::string option, path;
};

/// Throws if an output would replace an input or another output, by whatever names, or if stdout goes into
/// one of them.
inline void require_different_files(std::vector<FileOption> const& inputs,
                                    std::vector<FileOption> const& outputs) {
    using hillock::files::is_same_file;
    auto const check = [](FileOption const& one, FileOption const& other) {
        hillock::require(!is_same_file(one.path, other.path), "{} {}: is the same file as {} {}", one.option,
                         one.path, other.option, other.path);
    };
    auto const check_stdout = [](FileOption const& one) {
        hillock::require(one.path == "/dev/stdout" || !is_same_file(one.path, "/dev/stdout"),
                         "{} {}: is the file that stdout goes to", one.option, one.path);
    };
    for (auto const& input : inputs) check_stdout(input);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
        check_stdout(outputs[k]);
        for (auto const& input : inputs) check(outputs[k], input);
        for (std::size_t j = 0; j < k; ++j) check(outputs[k], outputs[j]);
    }
}

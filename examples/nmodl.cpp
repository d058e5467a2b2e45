// SPDX-License-Identifier: MIT

/// Translates NEURON's `.mod` files: for each file a header with the mechanism `hillock::mod::SUFFIX`. Installed
/// as hillock-nmodl.

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/files/output_file.hpp>
#include <hillock/nmodl/translate.hpp>

#include "program.hpp"

namespace hk = hillock;

struct Options {
    std::vector<std::string> files, include;
    std::string output = ".";
};

/// Translates all files before it writes the first header: after a refusal nothing is written.
int translate(Options const& o) {
    std::vector<hk::nmodl::Header> headers;
    std::vector<std::string> translated;  // the file of each
    for (auto const& file : o.files) {
        try {
            headers.push_back(hk::nmodl::translate_file(file, o.include));
            translated.push_back(file);
        } catch (hk::Error const& error) {
            hk::print_error("{}\n", error.what());
        }
    }
    for (std::size_t k = 0; k < headers.size(); ++k)
        for (std::size_t j = 0; j < k; ++j)
            hk::require(headers[j].name != headers[k].name,
                        "'{}' and '{}' both make a mechanism named {}: nothing is written", translated[j],
                        translated[k], headers[k].name);
    if (auto const refused = o.files.size() - headers.size(); refused > 0) {
        hk::print_error("{} of {} files cannot be translated: nothing is written\n", refused, o.files.size());
        return 1;
    }
    std::vector<std::string> paths;
    std::vector<FileOption> inputs, outputs;
    for (auto const& file : o.files) inputs.push_back({"the .mod file", file});
    for (auto const& header : headers) {
        paths.push_back((std::filesystem::path(o.output) / (header.name + ".hpp")).string());
        outputs.push_back({"the header", paths.back()});
    }
    require_different_files(inputs, outputs);
    std::error_code error;
    std::filesystem::create_directories(o.output, error);
    hk::require(std::filesystem::is_directory(o.output), "cannot make the folder '{}': {}", o.output,
                error ? error.message() : "a file has its name");
    for (std::size_t k = 0; k < headers.size(); ++k) {
        hk::OutputFile output(paths[k]);
        output.print("{}", headers[k].content);
        output.commit();
        fmt::print("{}\n", paths[k]);
    }
    return 0;
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{
        "Writes a header for each .mod file: #include \"SUFFIX.hpp\", then hillock::mod::SUFFIX{} is a "
        "mechanism, with the file's PARAMETERs as members."};
    app.add_option("files", o.files, ".mod files")->required()->check(CLI::ExistingFile);
    app.add_option("--output", o.output, "folder for the headers; made if it is not there")
        ->capture_default_str();
    app.add_option("--include", o.include, "folders in which INCLUDE looks besides the file's own")
        ->check(CLI::ExistingDirectory);
    return run_program(app, argc, argv, [&] { return translate(o); });
}

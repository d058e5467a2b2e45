// SPDX-License-Identifier: MIT
#pragma once

/// The translator: a `.mod` file in, a header out.

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/mechanism.hpp>
#include <hillock/nmodl/parser.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/writer.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// A translated file: its name, without `.hpp`, and its content.
struct Header {
    std::string name, content;  // as text
};

/// The text of a file, or none if it cannot be read.
inline std::shared_ptr<Text const> read_text(std::filesystem::path const& path) {
    std::error_code error;
    std::ifstream file(path, std::ios::binary);
    if (!file || !std::filesystem::is_regular_file(path, error)) return nullptr;
    std::stringstream content;
    content << file.rdbuf();
    return std::make_shared<Text const>(Text{path.string(), content.str()});
}

/// Translates a text; `includes` finds what it includes. Throws a `Refusal` of what is not translated.
inline Header translate(std::shared_ptr<Text const> text, Includes includes = {}) {
    auto const source = std::filesystem::path(text->name).filename().string();
    auto const mod = parse(std::move(text), std::move(includes));
    Mechanism mechanism(mod);
    return {mod.suffix, Writer(mechanism, printable(source, 200))()};
}

/// Translates a file. INCLUDE looks beside the file that has it, then in the folders `include`.
inline Header translate_file(std::filesystem::path const& path,
                             std::vector<std::string> const& include = {}) {
    auto text = read_text(path);
    require(text != nullptr, "cannot read '{}'", path.string());
    return translate(std::move(text), [&](std::string const& name, std::string const& from) {
        auto found = read_text(std::filesystem::path(from).parent_path() / name);
        for (auto const& folder : include)
            if (!found) found = read_text(std::filesystem::path(folder) / name);
        return found;
    });
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl

// SPDX-License-Identifier: MIT

/// A `.mod` file becomes a header, or is refused at a place that it has.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <fmt/format.h>

#include <hillock/nmodl/translate.hpp>

#include "input.hpp"

namespace hk = hillock;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string const content(fuzz::text(data, size));
    try {
        auto const header =
            hk::nmodl::translate(std::make_shared<hk::nmodl::Text const>(hk::nmodl::Text{"x.mod", content}));
        fuzz::expect(!header.name.empty(), "a mechanism has a name");
        fuzz::expect(header.content.find("struct basic_" + header.name) != std::string::npos,
                     "the header holds the mechanism");
    } catch (hk::nmodl::Refusal const& refusal) {
        auto const ends =
            std::count_if(content.begin(), content.end(), [](char c) { return c == '\n' || c == '\r'; });
        fuzz::expect(refusal.line() >= 1 && refusal.line() <= static_cast<std::size_t>(ends) + 1,
                     "a refusal names a line of the file");
        fuzz::expect(refusal.column() >= 1 && refusal.column() <= size + 1,
                     "a refusal names a column of the file");
        fuzz::expect(std::string(refusal.what())
                         .starts_with(fmt::format("x.mod:{}:{}: ", refusal.line(), refusal.column())),
                     "a refusal begins with its place");
    }
    return 0;
}

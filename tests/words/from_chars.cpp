// SPDX-License-Identifier: MIT

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <doctest/doctest.h>

#include <hillock/words/from_chars.hpp>

using namespace hillock;

namespace {

/// The number, or -7 if there is none, the length of what was read, and the error.
struct Found {
    double number = -7;
    std::ptrdiff_t length = 0;
    std::errc error{};
};

Found found(std::string_view text, auto&& from_chars) {
    Found f;
    auto const [end, error] = from_chars(text.data(), text.data() + text.size(), f.number);
    f.length = end - text.data();
    f.error = error;
    return f;
}

void check_both(std::string_view text, double number, std::ptrdiff_t length, std::errc error = {}) {
    for (auto const& f :
         {found(text, portable::from_chars<double>), found(text, portable::from_chars_by_strtod)}) {
        CAPTURE(text);
        CHECK(f.number == number);
        CHECK(f.length == length);
        CHECK(f.error == error);
    }
}

}  // namespace

TEST_CASE("numbers are read alike by std::from_chars and where it is missing") {
    check_both("1", 1, 1);
    check_both("-0.025", -0.025, 6);
    check_both("1e-3", 1e-3, 4);
    check_both(".5,", 0.5, 2);
    check_both("5.", 5, 2);
    check_both("1.5e", 1.5, 3);
    check_both("1e+2 ", 100, 4);
    check_both("0.1000000000000000055511151231257827", 0.1, 36);
    check_both("4.9e-324", 4.9e-324, 8);
    check_both("1.7976931348623157e308", 1.7976931348623157e308, 22);
    check_both("0x10", 0, 1);
    check_both("inf", HUGE_VAL, 3);
    check_both("-inf", -HUGE_VAL, 4);
    check_both("1,5", 1, 1);
}

TEST_CASE("no numbers") {
    for (auto const* text : {"", "+1", " 1", "\t1", "\n1", "x", "-", ".", "e5", "- 1", "-+1", ",", "x10"})
        check_both(text, -7, 0, std::errc::invalid_argument);
    check_both("1e999", -7, 5, std::errc::result_out_of_range);
    check_both("-1e999;", -7, 6, std::errc::result_out_of_range);
    check_both("1e-999", -7, 6, std::errc::result_out_of_range);
}

TEST_CASE("a text ends where it is said to end") {
    std::string_view const text = "123456";
    check_both(text.substr(0, 3), 123, 3);
    check_both(text.substr(2, 2), 34, 2);
}

TEST_CASE("whole numbers are read by std::from_chars") {
    std::string_view const text = "4294967296";
    std::uint32_t number = 7;
    CHECK(portable::from_chars(text.data(), text.data() + 3, number).ec == std::errc());
    CHECK(number == 429);
    CHECK(portable::from_chars(text.data(), text.data() + text.size(), number).ec ==
          std::errc::result_out_of_range);
}

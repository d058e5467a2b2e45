// SPDX-License-Identifier: MIT

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/files/path.hpp>

using namespace hillock::files;
namespace fs = std::filesystem;

TEST_CASE("two paths lead to the same file by whatever names, also before it exists") {
    auto const folder = fs::temp_directory_path() / ("hillock_test_path_" + std::to_string(getpid()));
    fs::create_directories(folder / "inner");
    std::ofstream{folder / "a"} << "a";
    std::ofstream{folder / "b"} << "a";
    fs::create_symlink("a", folder / "link_to_a");
    fs::create_hard_link(folder / "a", folder / "also_a");
    fs::create_symlink("new", folder / "link_to_new");
    fs::create_directory_symlink(".", folder / "here");
    auto const same = [&](std::string const& a, std::string const& b) {
        CHECK(is_same_file(folder / a, folder / b) == is_same_file(folder / b, folder / a));
        return is_same_file(folder / a, folder / b);
    };
    CHECK(same("a", "a"));
    CHECK(same("a", "inner/../a"));
    CHECK(same("a", "link_to_a"));
    CHECK(same("a", "also_a"));
    CHECK(same("here/a", "a"));
    CHECK_FALSE(same("a", "b"));
    CHECK_FALSE(same("a", "new"));
    CHECK_FALSE(same("a", "no/such/a"));

    CHECK(same("new", "here/./new"));
    CHECK(same("new", "link_to_new"));
    CHECK(same("here/link_to_new", "link_to_new"));
    CHECK_FALSE(same("new", "newer"));
    CHECK_FALSE(same("new", "inner/new"));
    CHECK_FALSE(same("no/such/new", "new"));

    CHECK_FALSE(same("inner", "inner"));  // no regular files
    CHECK_FALSE(is_same_file("/dev/null", "/dev/null"));
    fs::remove_all(folder);
}

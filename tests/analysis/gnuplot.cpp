// SPDX-License-Identifier: MIT

/// The process that draws pictures, and the numbers along axes.

#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/analysis/gnuplot.hpp>
#include <hillock/analysis/plot.hpp>
#include <hillock/words/error.hpp>

namespace gnuplot_tests {

using namespace hillock;
namespace fs = std::filesystem;

namespace {

/// An empty folder, gone at the end of the test.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("hillock_gnuplot_" + std::to_string(getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
};

/// Programs of the test's own, found before those of the system.
class Programs {
public:
    explicit Programs(fs::path folder) : folder_{std::move(folder)} {
        fs::create_directories(folder_);
        setenv("PATH", (folder_.string() + ":" + path_).c_str(), 1);
    }
    ~Programs() { setenv("PATH", path_.c_str(), 1); }

    void alone() const { setenv("PATH", folder_.c_str(), 1); }

    /// A gnuplot that is this shell script.
    void gnuplot(std::string const& script) const {
        std::ofstream(folder_ / "gnuplot") << "#!/bin/sh\n" << script << "\n";
        fs::permissions(folder_ / "gnuplot", fs::perms::owner_all);
    }

private:
    fs::path folder_;
    std::string path_ = std::getenv("PATH");
};

/// No file may become larger than this while it lives, as on a disk that is full.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : handler_{std::signal(SIGXFSZ, SIG_IGN)} {
        getrlimit(RLIMIT_FSIZE, &limit_);
        auto const small = rlimit{bytes, limit_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit limit_{};
    void (*handler_)(int);
};

std::string text_of(fs::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write(fs::path const& path, std::string const& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string complaint(auto&& mistake) {
    try {
        mistake();
    } catch (Error const& error) {
        return error.what();
    }
    return "(no complaint)";
}

std::vector<plot::Curve> const zigzag{{"a", {0, 1, 2, 3}, {2, 3, 1, 5}}};

/// A PNG of one white pixel.
std::string const pixel{
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\1\0\0\0\0\x37\x6e\xf9\x24\0\0\0\nIDATx\x01"
    "c`\0\0\0\2\0\1\x73\x75\x01\x18\0\0\0\0IEND\xae\x42\x60\x82",
    67};

}  // namespace

TEST_CASE("a PNG is complete, or it is none") {
    Folder const folder;
    auto const path = folder.path / "p.png";
    CHECK_FALSE(plot::gnuplot::is_complete_png(path));
    write(path, pixel);
    CHECK(plot::gnuplot::is_complete_png(path));
    for (std::size_t size = 0; size < pixel.size(); ++size) {
        CAPTURE(size);
        write(path, pixel.substr(0, size));
        REQUIRE_FALSE(plot::gnuplot::is_complete_png(path));
    }
    write(path, "GIF89a" + pixel.substr(6));
    CHECK_FALSE(plot::gnuplot::is_complete_png(path));
    CHECK_FALSE(plot::gnuplot::is_complete_png(folder.path));
}

TEST_CASE("a gnuplot that fails is an error and leaves no image, not even an older one") {
    Folder const folder;
    Programs const programs(folder.path / "bin");
    auto const image = folder.path / "p.png";
    write(folder.path / "pixel", pixel);
    auto const draw = [&] { return plot::lines(image, zigzag, {}); };
    auto const failed = [&](std::string const& script, std::string const& reason) {
        CAPTURE(script);
        programs.gnuplot("cd '" + folder.path.string() + "'\n" + script);
        write(image, pixel);
        CHECK(complaint(draw) == "gnuplot could not draw '" + image.string() + "' from '" +
                                     (folder.path / "p.gp").string() + "': " + reason);
        CHECK_FALSE(fs::exists(image));
    };
    failed("exit 3", "exit status 3");
    failed("cp pixel p.png; exit 1", "exit status 1");
    failed("cp pixel p.png; kill -TERM $$", "ended by signal 15");
    failed("exit 0", "the image is incomplete; is the disk full?");
    failed("head -c 40 pixel > p.png", "the image is incomplete; is the disk full?");
    failed(": > p.png", "the image is incomplete; is the disk full?");
    programs.gnuplot("cat '" + folder.path.string() + "/pixel' > '" + image.string() + "'");
    CHECK(draw().drawn);
    CHECK(text_of(image) == pixel);
    // a link is drawn through, and stays
    fs::remove(image);
    fs::create_symlink(folder.path / "target.png", image);
    write(folder.path / "target.png", "old");
    CHECK(draw().drawn);
    CHECK(fs::is_symlink(image));
    CHECK(text_of(folder.path / "target.png") == pixel);
}

TEST_CASE("without gnuplot there are script and data, and no older image") {
    Folder const folder;
    Programs const programs(folder.path / "bin");
    programs.alone();
    write(folder.path / "p.png", pixel);
    auto const picture = plot::lines(folder.path / "p.png", zigzag, {});
    CHECK_FALSE(picture.drawn);
    CHECK_FALSE(fs::exists(picture.image));
    CHECK(fs::exists(picture.script));
    CHECK(fs::exists(picture.data));
    CHECK(picture.message() == "gnuplot is not installed; to draw " + picture.image.string() +
                                   ": gnuplot \"" + picture.script.string() + "\"");
}

TEST_CASE("gnuplot on a full disk is an error and leaves no image") {
    Folder const folder;
    if (!plot::lines(folder.path / "p.png", zigzag, {}).drawn) return;
    CHECK(plot::gnuplot::is_complete_png(folder.path / "p.png"));
    std::string said;
    {
        FullDisk const full(4096);  // script and data fit, the image does not
        said = complaint([&] { plot::lines(folder.path / "p.png", zigzag, {}); });
    }
    CHECK(said.starts_with("gnuplot could not draw '"));
    CHECK_FALSE(fs::exists(folder.path / "p.png"));
}

TEST_CASE("the numbers along an axis are round, at most ten or so, and do not touch") {
    auto const axis = [](double first, double last) { return plot::Axis{"", first, last}; };
    using plot::gnuplot::step_above;
    using plot::gnuplot::step_beside;
    CHECK(step_beside(axis(2839, 22661), 540) == 5000);  // of five digits
    CHECK(step_beside(axis(0, 250), 840) == 50);
    CHECK(step_beside(axis(250, 0), 840) == 50);
    CHECK(step_beside(axis(-1.24e6, -1.2e6), 540) == 20000);  // -1.22e+06
    CHECK(step_beside(axis(0, 1), 100) == 1);
    CHECK(step_beside(axis(1, 1.0003), 540) == doctest::Approx(1e-4));  // 1.0001
    CHECK(step_above(axis(0, 99), 840) == 10);
    CHECK(step_above(axis(0, 99), 100) == 50);
    for (double first : {0., -3e4, 12345., -1e9, 1e-5})
        for (double length = 1e-3; length < 1e7; length *= 1.7)
            for (double const room : {100., 540., 1040.}) {
                auto const step = step_beside(axis(first, first + length), room);
                auto const digits = step / std::pow(10, std::floor(std::log10(step * 1.0001)));
                CAPTURE(first);
                CAPTURE(length);
                CHECK((std::abs(digits - 1) < 1e-9 || std::abs(digits - 2) < 1e-9 ||
                       std::abs(digits - 5) < 1e-9));
                CHECK(length / step <= 10);
                std::size_t widest = 0;
                for (auto k = std::ceil(first / step); k * step <= first + length; ++k)
                    widest = std::max(widest, fmt::format("{:g}", k * step).size());
                CHECK((step > length || step * room / length >= 14 * static_cast<double>(widest)));
            }
    for (auto const& [first, last] :
         {std::pair{1e17, 1e17 + 64}, {0., 5e-324}, {-1.7e308, 1.7e308}, {0., 1e308}})
        CHECK(step_beside(axis(first, last), 540) > 0);  // it ends
}

TEST_CASE("scripts have the steps, chosen or given") {
    Folder const folder;
    Programs const programs(folder.path / "bin");
    programs.alone();
    auto const path = folder.path / "p.png";
    auto const script = [&](plot::Layout const& layout) {
        plot::lines(path, zigzag, layout);
        return text_of(folder.path / "p.gp");
    };
    auto const has = [](std::string const& text, char const* line) { return text.find(line) != text.npos; };
    CHECK(has(script({.x = {"x", 0, 123456}}), "\nset xtics 20000\n"));
    CHECK(has(script({.x = {"x", 0, 123456}, .width = 500}), "\nset xtics 100000\n"));
    CHECK(has(script({.x = {"x", 0, 123456, false, 1000}}), "\nset xtics 1000\n"));
    CHECK(has(script({.y = {"y", 0, 100}, .height = 250}), "\nset ytics 50\n"));
    CHECK_FALSE(has(script({.x = {"x", 1, 1000, true}}), "xtics"));
    CHECK(complaint([&] {
              script({.x = {"time", 0, 1, false, 0}});
          }) == "axis 'time' in steps of 0: must be positive and finite");
}

}  // namespace gnuplot_tests

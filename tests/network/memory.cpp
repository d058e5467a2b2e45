// SPDX-License-Identifier: MIT

/// Where memory ends: a call that fails for it leaves the network as it was.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#ifdef __APPLE__
#include <malloc/malloc.h>
#else
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "../cells.hpp"
#include "../sanitized.hpp"

namespace memory_tests {

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

constexpr auto plenty = std::numeric_limits<std::size_t>::max();
std::atomic<std::size_t> allocations_left = plenty;

std::atomic<std::size_t> largest = 0;  // allocation, in bytes
std::atomic<std::size_t> in_use = 0;   // bytes
std::atomic<std::size_t> made = 0;     // allocations

#ifdef __APPLE__
std::size_t size_of(void* at) { return malloc_size(at); }
#else
std::size_t size_of(void* at) { return malloc_usable_size(at); }
#endif

void* allocate(std::size_t bytes, std::size_t alignment) {
    largest = std::max(largest.load(), bytes);
    if (allocations_left == 0) throw std::bad_alloc();
    if (allocations_left != plenty) --allocations_left;
    ++made;
    if (auto* const at = std::aligned_alloc(alignment, (bytes + alignment) / alignment * alignment)) {
        in_use += size_of(at);
        // NaN, as memory that was in use before may hold: so a number that nobody has written is seen
        return std::memset(at, 0xff, std::min(bytes, std::size_t{1} << 24));
    }
    throw std::bad_alloc();
}

void release(void* at) {
    if (at) in_use -= size_of(at);
    std::free(at);
}

/// Whether a call fails if there is memory for `n` allocations alone.
bool fails_after(std::size_t n, auto&& call) {
    allocations_left = n;
    bool failed = false;
    try {
        call();
    } catch (std::bad_alloc const&) {
        failed = true;
    }
    allocations_left = plenty;
    return failed;
}

}  // namespace

}  // namespace memory_tests

// The whole program's: they fail when a test here wants it.
void* operator new(std::size_t n) { return memory_tests::allocate(n, alignof(std::max_align_t)); }
/// The one that the standard library's own sorting takes; sanitizers do not let it call the one above.
void* operator new(std::size_t n, std::nothrow_t const&) noexcept {
    try {
        return operator new(n);
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}
/// Aligned memory, that of all columns of numbers, holds NaN until it is written, as memory that was in use
/// before may: in this program a number that nobody has written is seen.
void* operator new(std::size_t n, std::align_val_t alignment) {
    constexpr std::size_t most = std::size_t{1} << 24;  // bytes: what is never used costs nothing
    return std::memset(memory_tests::allocate(n, static_cast<std::size_t>(alignment)), 0xff,
                       std::min(n, most));
}
void operator delete(void* at) noexcept { memory_tests::release(at); }
void operator delete(void* at, std::size_t) noexcept { memory_tests::release(at); }
void operator delete(void* at, std::align_val_t) noexcept { memory_tests::release(at); }
void operator delete(void* at, std::size_t, std::align_val_t) noexcept { memory_tests::release(at); }

namespace memory_tests {

namespace {

/// Leaky cells that drive themselves in every way.
struct Driven : Leaky {
    auto create_stimuli() {
        return stimuli(stimulus(NetStim{.interval = 0.5, .noise = 1, .start = 0, .number = 9},
                                {.synapse = Leaky::expsyn, .weight = 1e-2}),
                       stimulus(SpikeTimes{{0.5, 1.5}}, {.synapse = Leaky::expsyn, .weight = 1e-2}),
                       stimulus(IClamp{.delay = 1, .dur = 2, .amp = 1}));
    }
};

/// Leaky cells that want two noisy generators on one stream.
struct Contradictory : Leaky {
    auto create_stimuli() {
        return stimuli(stimulus(NetStim{.noise = 1}, {}), stimulus(NetStim{.noise = 1}, {}));
    }
};

using Net = Network<Leaky, Driven, Contradictory>;

/// A network in the middle of its making: cells that differ, connections, stimuli.
void begin(Net& net) {
    auto const cells = net.add<Leaky>(9);
    net.set(cells, "Passive.g", [](Gid gid) { return 1e-3 + 1e-5 * gid; });
    net.set_threshold(cells, -60);
    net.connect(cells, cells, fixed_indegree(3),
                {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = Uniform{0.1, 5}});
    net.stimulate(cells, NetStim{.interval = 3, .noise = 1, .start = 0, .number = 9},
                  {.synapse = Leaky::expsyn, .weight = 5e-3});
}

/// All that its user can see of it, now and after a run that everything takes part in.
struct Outcome {
    std::size_t cells;
    std::uint64_t connections;
    Raster raster;
    std::uint64_t states;

    friend bool operator==(Outcome const&, Outcome const&) = default;
};
Outcome outcome_of(Net& net) {
    auto const more = net.add<Leaky>(5);
    net.connect(net.cells(), more, all_to_all(), {.synapse = Leaky::expsyn, .weight = 1e-2, .delay = 1});
    auto const raster = net.run(8, quietly);
    return {net.size(), net.connections(), raster, net.digest()};
}

/// Tries `call` with memory for 0 allocations, for 1, ... until it succeeds. In between the network is
/// that which never tried and, when it tries again, that which succeeded at once.
void check_all_or_nothing(auto&& call) {
    Net untried, done;
    begin(untried);
    begin(done);
    call(done);
    auto const without = outcome_of(untried), with = outcome_of(done);
    CHECK(without.raster.size() > 4);
    CHECK(without != with);
    std::size_t n = 0;
    for (bool failed = true; failed; ++n) {
        CAPTURE(n);
        Net net;
        begin(net);
        failed = fails_after(n, [&] { call(net); });
        bool const again = failed && n % 2 == 0;
        if (again) call(net);
        CHECK(outcome_of(net) == (failed && !again ? without : with));
    }
    CHECK(n > 1);
}

}  // namespace

TEST_CASE("cells for which there is no memory are not made") {
    SUBCASE("of a population that there is") {
        check_all_or_nothing([](Net& net) { net.add<Leaky>(20); });
    }
    SUBCASE("of a new one, which drive themselves") {
        check_all_or_nothing([](Net& net) { net.add<Driven>(3); });
    }
    SUBCASE("like a prototype") {
        check_all_or_nothing([](Net& net) { net.add(3, Driven()); });
    }
}

TEST_CASE("cells that memory cannot hold are refused before any is listed") {
    if (machine::physical_memory_bytes() > 400000000000) return;
    Network<Leaky> net;
    largest = 0;
    CHECK(complaint([&] { net.add<Leaky>(4294967295); }).find("add(4294967295): takes ") == 0);
    CHECK(largest < 1000000);
    CHECK(net.size() == 0);
}

TEST_CASE("connections for which there is no memory are not made, and no threshold is set") {
    SUBCASE("by a rule") {
        check_all_or_nothing([](Net& net) {
            net.connect(net.cells(), net.cells(), fixed_indegree(4),
                        {.synapse = Leaky::expsyn,
                         .weight = Uniform{0, 1e-2},
                         .delay = Uniform{0.1, 4},
                         .threshold = -65});
        });
    }
    SUBCASE("of a list") {
        ConnectionList list;
        for (Gid k = 0; k < 8; ++k) list.add({k, k + 1, Leaky::expsyn, 1e-2, 0.5 * (k + 1)});
        check_all_or_nothing([&](Net& net) { net.connect(list); });
    }
}

TEST_CASE("stimuli for which there is no memory are not given") {
    StimulusTarget const target{.synapse = Leaky::expsyn, .weight = 1e-2};
    SUBCASE("NetStim") {
        check_all_or_nothing([&](Net& net) {
            net.stimulate(net.cells(), NetStim{.interval = 1, .noise = 0.5, .start = 0, .stream = 1}, target);
        });
    }
    SUBCASE("SpikeTimes") {
        check_all_or_nothing([&](Net& net) { net.stimulate(net.cells(), SpikeTimes{{1, 2}}, target); });
    }
    SUBCASE("ExternalEvent") {
        std::vector<ExternalEvent> const events{{1, 2, Leaky::expsyn, 1e-2}, {3, 1, Leaky::expsyn, 1e-2}};
        check_all_or_nothing([&](Net& net) { net.stimulate(events); });
    }
    SUBCASE("IClamp") {
        check_all_or_nothing([&](Net& net) {
            net.stimulate(net.cells(), IClamp{.delay = 1, .dur = 3, .amp = 1, .where = "soma(0.5)"});
        });
    }
}

TEST_CASE("events that are drawn, and coded weights, are as before where memory for a change is missing") {
    Net net;
    auto const cells = net.add<Leaky>(9);
    auto const noise =
        net.stimulate(cells, Poisson{.rate = 20000}, {.synapse = Leaky::expsyn, .weight = 1e-4, .delay = 1});
    auto const projection =
        net.connect(cells, cells, fixed_indegree(3),
                    {.synapse = Leaky::expsyn, .weight = Uniform{1, 2}, .delay = 1, .weight_bytes = 1});
    net.run_until(5.05, quietly);  // in the midst of a block of four steps
    auto const outcome = [&](Net& some) {
        some.run(1, quietly);
        double sum = 0;
        for (auto const& [source, target, weight, delay] : some.connections_of(projection))
            sum += weight * (1 + source + 9 * target);
        return std::pair{some.digest(), sum};
    };
    auto untouched = net;
    auto const expected = outcome(untouched);
    auto const check = [&](auto const& call) {
        for (std::size_t n = 0;; ++n) {
            CAPTURE(n);
            auto fork = net;
            if (!fails_after(n, [&] { call(fork); })) break;
            CHECK((outcome(fork) == expected));
        }
    };
    check([&](Net& fork) { fork.remove(noise); });
    check([&](Net& fork) { fork.weights(projection); });
}

TEST_CASE("cells whose own stimuli contradict each other are not made") {
    Net tried, untried;
    begin(tried);
    begin(untried);
    CHECK(complaint([&] { tried.add<Contradictory>(2); }).starts_with("NetStim.stream = 0: some of these"));
    CHECK(outcome_of(tried) == outcome_of(untried));
}

TEST_CASE("a run for which there is no memory can be had again after a reset") {
    auto const make = [](Net& net) {
        begin(net);
        net.add<Driven>(3);
        net.connect(net.cells(), net.cells(), fixed_indegree(3),
                    {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = Uniform{3, 9}});
    };
    RunOptions const options{.threads = 2, .progress = false};
    Net well;
    make(well);
    auto const expected = well.run(12, options);
    CHECK(expected.size() > 4);
    std::size_t n = 0;
    for (bool failed = true; failed; ++n) {
        CAPTURE(n);
        Net net;
        make(net);
        Raster found = expected;
        failed = fails_after(n, [&] { found = net.run(12, options); });
        CHECK((failed || found == expected));
        net.reset();
        CHECK(net.run(12, options) == expected);
        CHECK(net.digest() == well.digest());
    }
    CHECK(n > 1);
}

TEST_CASE("cells that no event reaches have an inbox of one step, others one for as long as events are on "
          "their way") {
    std::size_t const n = 1000, sums = n * 4 * sizeof(double);  // of one step
    auto const needed = [&](auto&& drive) {
        Network<Leaky> net;
        net.add<Leaky>(n);
        drive(net);
        largest = 0;
        net.run(0.025, quietly);
        return largest.load();
    };
    CHECK(needed([](auto&) {}) < 4 * sums);
    CHECK(needed([](auto& net) { net.stimulate(net.cells(), IClamp{.dur = 1, .amp = 1}); }) < 4 * sums);
    CHECK(needed([](auto& net) { net.stimulate(net.cells(), NetStim{}, {}); }) >= 64 * sums);
    CHECK(needed([](auto& net) { net.stimulate(std::vector<ExternalEvent>{{0, 1, 0, 1}}); }) >= 64 * sums);
    auto const by_delay = [&](double delay) {
        return needed([&](auto& net) { net.connect(Cells(0), Cells(1), all_to_all(), {.delay = delay}); });
    };
    CHECK(by_delay(16 * 0.025) >= 16 * sums);
    CHECK(by_delay(16 * 0.025) < 20 * sums);
    CHECK(by_delay(100 * 0.025) >= 100 * sums);
}

TEST_CASE("listed events are kept for a reset in 24 bytes each, in whatever order they were listed") {
    std::size_t const n = 10000;
    for (bool const descending : {false, true}) {
        Network<Leaky> net;
        net.add<Leaky>(10);
        net.stimulate(std::vector<ExternalEvent>{{0, 1, Leaky::expsyn, 1e-2}});
        net.run(1, quietly);
        auto const before = in_use.load();
        {
            std::vector<ExternalEvent> events;
            for (std::size_t k = 0; k < n; ++k)
                events.push_back({static_cast<Gid>(k % 10),
                                  1 + 5e-4 * static_cast<double>(descending ? n - k : k), Leaky::expsyn,
                                  1e-6 * static_cast<double>(k)});
            net.stimulate(events);
        }
        net.run(5, quietly);
        auto const digest = net.digest();
        CHECK(in_use - before < 27 * n);
        net.reset();
        net.run(6, quietly);
        CHECK(net.digest() == digest);
    }
}

TEST_CASE("connections that memory cannot hold are refused before they are drawn") {
    auto const child = fork();
    if (child == 0) {
        alarm(20);  // drawing them takes minutes
        Network<Leaky> net;
        auto const cells = net.add<Leaky>(50000);
        std::string allowed = "GB, the machine has";
#if !TESTS_ARE_SANITIZED
        rlimit const limit{std::size_t{1} << 32, std::size_t{1} << 32};
        setrlimit(RLIMIT_AS, &limit);
        if (machine::physical_memory_bytes() > 18000000000)
            allowed = "18.0 GB, which the system does not give";
#else
        if (machine::physical_memory_bytes() > 18000000000) std::_Exit(0);
#endif
        auto const text = complaint([&] {
            net.connect(cells, cells, fixed_indegree(30000), {.weight = [](Gid, Gid) { return 1.; }});
        });
        std::_Exit(text.find("connect: 1500000000 connections take 18.0 GB") == 0 &&
                           text.find(allowed) != text.npos && net.connections() == 0
                       ? 0
                       : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a loop allocates nothing after its first calls") {
    Network<Leaky> net;
    auto const all = net.add<Leaky>(50);
    net.set_threshold(all, -50);
    net.connect(all, all, fixed_indegree(3), {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = 1});
    net.stimulate(all, NetStim{.interval = 2, .noise = 0.5, .start = 0, .number = 1e9},
                  {.synapse = Leaky::expsyn, .weight = 1e-3});
    auto drive = net.current(all, "soma(0.5)");
    auto v = net.variable(all, "v");
    auto fired = net.counter(all);
    std::vector<double> nA(50), mV(50);
    std::uint64_t spikes = 0;
    auto const loop = [&](int steps) {
        for (int k = 0; k < steps; ++k) {
            for (std::size_t c = 0; c < nA.size(); ++c) nA[c] = c % 10 == 0 ? 0.3 * (1 + (k / 20) % 2) : 0;
            drive.write(nA);
            net.send(ExternalEvent{7, net.now() + 0.5, Leaky::expsyn, 1e-3});
            net.run_until(net.now() + 0.5, quietly);
            v.read(mV);
            spikes += fired.take();
        }
    };
    loop(2000);
    std::size_t const before = made;
    loop(400);
    CHECK(made == before);
    CHECK(spikes > 20);
}

TEST_CASE("a loop over so many cells that connections are in the order of delays allocates nothing") {
    Network<Leaky> net;
    auto const all = net.add<Leaky>(1 << 14);
    net.connect(all.first(9), all, fixed_indegree(1),
                {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = Uniform{0.1, 1}});
    for (int k = 0; k < 9; ++k) net.run_until(net.now() + 0.025, quietly);
    std::size_t const before = made;
    for (int k = 0; k < 9; ++k) net.run_until(net.now() + 0.025, quietly);
    CHECK(made == before);
}

TEST_CASE("what is driven cell by cell takes memory in proportion to the cells, however they are scattered") {
    constexpr Gid n = 4000;
    Network<Leaky> net;
    net.add<Leaky>(n);
    Cells scattered;
    for (Gid gid = 0; gid < n; gid += 2) scattered = scattered + Cells(gid);
    std::size_t const before = in_use;
    auto drive = net.current(scattered);
    auto v = net.variable(scattered, "v");
    std::vector<double> const mV(n / 2, -50);
    v.write(mV);
    drive.write(0.1);
    CHECK(in_use - before < n * 1000);
    CHECK(net.get(2, "v") == -50);
    CHECK(net.get(1, "v") == -65);
}

TEST_CASE("a fork takes the memory of states and events, and of the weights that it asks for") {
    constexpr Gid n = 4000;
    Network<Leaky> net;
    auto const all = net.add<Leaky>(n);
    net.set_threshold(all, -60);
    net.connect(all, all, fixed_indegree(50),
                {.synapse = Leaky::expsyn, .weight = Uniform{0, 1e-4}, .delay = Uniform{0.1, 0.4}});
    net.connect(all, all, fixed_indegree(9), {.synapse = Leaky::expsyn, .weight = 1e-4, .delay = 0.3});
    net.stimulate(all.first(50), IClamp{.delay = 1, .dur = 9, .amp = 1});
    for (std::size_t const threads : {1, 2}) net.run(5, {.threads = threads, .progress = false});
    constexpr std::size_t rows = 7, slots = 16, synapses = 4;
    constexpr auto states_and_events = n * (rows + slots * synapses) * sizeof(double);
    std::size_t before = in_use;
    auto fork = net;
    CHECK(in_use - before < 1.2 * states_and_events);
    before = in_use;
    fork.connections_of(0);
    fork.run(1, quietly);
    CHECK(in_use - before < 0.1 * states_and_events);
    before = in_use;
    fork.weights(0);
    CHECK(in_use - before >= n * 50 * sizeof(double));
    CHECK(in_use - before < n * 51 * sizeof(double));
}

}  // namespace memory_tests

// Each `expect:` line gives name, cognitive and cyclomatic complexity of a function, in order.
namespace a::b {
template <typename T>
class Tree : public Base<T> {
public:
    // expect: Tree::Tree 0 1
    explicit Tree(int size) : Base(size), items{}, count(0) {}
    // expect: Tree::operator 1 2
    bool operator==(const Tree& other) const { return a && b; }
    // expect: Tree::lambda 2 2
    auto lambda(T&& x) -> int {
        return run([&](auto y) { if (y) return 1; });
    }
};
}

// expect: Tree::grow 4 5
void Tree::grow() noexcept {
    for (auto&& x : items) { }
    try { } catch (...) { }
    if constexpr (true or false) R"(if (a) {)";
}

// Each `expect:` line gives name, cognitive and cyclomatic complexity of a function, in order.
package a.b;

@Foo(name = "if (x) {")
public abstract class Tree<T extends Comparable<T>> extends Base implements A, B {
    private final Runnable later = () -> { };
    static { init(); }

    // expect: Tree.Tree 0 1
    public Tree(int size) { this(size, null); }

    abstract void none();

    // expect: Tree.find 9 6
    @Override
    public <K> Map<String, ?> find(K[] keys, final int n) throws IOException, A.B {
        label:
        for (K key : keys) {
            while (n > 0)
                if (key == null || n > 3) continue label;
        }
        return n > 0 ? keys : null;
    }

    // expect: Tree.handlers 5 5
    void handlers() {
        try (Reader r = open()) {
            if (r != null) synchronized (this) { r.read(); }
        } catch (IOException | RuntimeException e) {
            if (e == null) { }
        } finally { }
        do { } while (false);
    }

    // expect: Tree.choices 4 5
    int choices(Kind kind) {
        int x = switch (kind) {
            case A, B -> 1;
            case C -> { yield 2; }
            default -> 3;
        };
        switch (x) { case 1: break; default: }
        list.stream().map(y -> y ? 1 : 2);
        return x;
    }

    // expect: Tree.nested 3 3
    void nested() {
        run(new Runnable() {
            @Override public void run() {
                if (a) { }
            }
        });
        assert a && b;
    }

    // expect: Kind.parse 0 1
    enum Kind { A, B; static Kind parse(String s) { return parse(s, 1); } }

    record Point(int x, int y) {
        // expect: Point.length 0 1
        double length() { return """
            if (x) { "quoted" }
            """.length(); }
    }
}

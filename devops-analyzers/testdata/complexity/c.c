/* Each `expect:` line gives name, cognitive and cyclomatic complexity of a function, in order. */
#include <stdio.h>
#define MAX(a, b) \
    ((a) > (b) ? (a) : (b))

struct point { int x, y; };
static const struct point origin = { 0, f(0) };
int declared(int a);

// expect: empty 0 1
void empty(void) {}

// expect: make 14 7
static struct point *make(int a, struct point *p)
{
    if (a)
        for (int i = 0; i < a; i++)
            if (i % 2 && a || p)
                goto out;
            else
                p->x = a ? 1 : 2;
out:
    return p;
}

// expect: choices 2 5
int choices(int a) {
    switch (a) {
    case 1:
    case 'b': return '{';
    case 3: { break; }
    default: return "if (a) {";
    }
    do a--; while (a);
    return a;
}

// expect: conditional 1 2
int conditional(int a) {
#ifdef A
    if (a) {
#else
    if (a > 1) {
#endif
        return 1;
    }
    return (struct point){ .x = 1 }.x;
}

// expect: fact 2 2
unsigned fact(unsigned n) { return n ? n * fact(n - 1) : 1; }

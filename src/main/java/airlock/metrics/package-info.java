/// Takes events and the server's state; gives Prometheus' text format. The only package that uses
/// the metrics library. All names are in docs/metrics.md; no label has the name of a repository or
/// person.
@NullMarked
package airlock.metrics;

import org.jspecify.annotations.NullMarked;

/// Takes what happened and what stands; gives Prometheus' text format. The only package that knows
/// the metrics library. All names are in docs/metrics.md; no label has a name that a repository or
/// a person gave.
@NullMarked
package airlock.metrics;

import org.jspecify.annotations.NullMarked;

/// Takes messages of guests, resolvers and TLS clients, hostile ones too; gives the decisions of
/// the filter.
@NullMarked
package airlock.egress;

import org.jspecify.annotations.NullMarked;

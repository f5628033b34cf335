package Waiting;

# Copyright (C) ngx_chat_module contributors

# How many requests nginx holds, polls and streams above all, as its own
# "stub_status" counts them.  The test's configuration has, on its first port:
#
#     location = /status { stub_status; }
#
# The counters lie in shared memory, so this is true for all workers together;
# a worker that was killed leaves its share behind.

use v5.36;

use Exporter qw(import);

use Chat::Wait qw(wait_for);

our @EXPORT_OK = qw(waiting wait_for_waiting);


# without the request that asks

sub waiting ($t) {
    my $text = $t->raw("GET /status HTTP/1.1\r\nHost: a\r\n"
                       . "Connection: close\r\n\r\n");

    return $text =~ /Reading: \d+ Writing: (\d+)/ ? $1 - 1 : -1;
}


sub wait_for_waiting ($t, $n, $timeout = 10) {
    return wait_for(sub { waiting($t) == $n }, $timeout, "$n requests wait");
}


1;

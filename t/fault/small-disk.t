#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A disk of a few megabytes: SQLite's log alone must not fill it, while the
# database would have room.  And it does not, however long they talk: not once
# is a message refused.

use lib 't/lib';
use Chat;

use Load;
use Mount;

my $t = Chat->new(workers => 2);
my $state = Mount::under($t, size => '3m');

$t->config->start;

my $load = Load->new($t, visitors => 8)->start;

# some pages of 4 KiB a message

for (1 .. 4) {
    ok($load->go_on(150, 20), 'they talk') or last;
    $load->fault;
}

is($load->failures, 0, 'and are never refused')
    or diag(explain($load->problems));

my $log = -s "$state/chat.db-wal";

cmp_ok($log, '<', 2_500_000, "the log has $log bytes");
$load->finish;
$t->done;

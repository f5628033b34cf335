#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What turns another program's result into points of TAP tells a failure: a
# check that cannot fail would hold nothing.

use v5.36;

use File::Basename qw(dirname);
use Test::More;

chdir dirname(__FILE__) . '/..' or die;

my $tap = "ok 1 - one\n    not ok 1 - leaf\nnot ok 2 - two\n1..2\n";

for (
    [ 'a command that succeeds', 'point.pl', 'true', 0, qr/^ok 1/m ],
    [ 'one that fails', 'point.pl', 'echo why; exit 3', 1,
      qr/^# why\nnot ok 1/m ],
    [ 'one that is killed', 'point.pl', 'kill -9 $$', 1, qr/^not ok 1/m ],
    [ "node's points", 'leaves.pl', "printf '$tap'", 0,
      qr/^ok 1 - one\nnot ok 2 - leaf\n(?:#.*\n)*1\.\.2/m ],
    [ "node's status", 'leaves.pl', 'exit 3', 3, qr/^1\.\.0/m ],
) {
    my ($name, $program, $script, $status, $like) = @$_;

    open my $in, '-|', $^X, "t/lib/$program", 'sh', '-c', $script
        or die "$program: $!";
    my $text = do { local $/; readline $in } // '';
    close $in;

    is($? >> 8, $status, "$name: status");
    like($text, $like, "$name: points");
}

done_testing();

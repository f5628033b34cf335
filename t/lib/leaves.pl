#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Flattens the TAP of Node.js, where a test may hold tests: each leaf becomes
# a point, what holds others is none.  Its status is the program's.

use v5.36;

my ($number, @children) = (0);

open my $in, '-|', @ARGV or die "$ARGV[0]: $!\n";

while (my $line = <$in>) {
    if ($line =~ /^( *)((?:not )?ok) \d+ ?(.*)$/) {
        my ($depth, $ok, $name) = (length($1) / 4, $2, $3);
        my $held = $children[$depth + 1] // 0;

        $#children = $depth;
        $children[$depth]++;

        if (!$held) {
            $number++;
            say "$ok $number $name";
            next;
        }
    }

    # the rest is for a person, and no TAP any more

    chomp $line;
    say "# $line" if $line !~ /^(?:TAP version| *1\.\.\d+| *# Subtest:)/;
}

close $in;
my $status = $? >> 8 || ($? ? 1 : 0);

say "1..$number";
exit $status;

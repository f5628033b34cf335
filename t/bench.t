#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# script/bench still works: each case of ours runs to its end with a few
# clients, has all of its figures, and loses nothing.

use v5.36;

use lib 't/bench';

use File::Basename qw(dirname);
use File::Temp ();
use Test::More;

use Bench::Cases qw(cases tried);

chdir dirname(__FILE__) . '/..' or die;

for (['script/build', 'module', 'source'], ['make', '-s', '-C', 't/bench'],
     ['make', '-s', '-C', 't/lib/shim'])
{
    system(@$_) == 0 or die "@$_ failed\n";
}

my $progress = File::Temp->new;
my $table = qx($^X t/bench/run.pl --try 2>$progress);

is($?, 0, 'all cases ran');
is(join('', grep { !/^(?:round|making) / } readline $progress), '',
   'and had nothing to complain of');

for my $case (cases()) {
    my ($part) = $table =~ /^\(.\) \Q$case->{title}\E.*\n((?:  .+\n)*)/m;

    for my $server (tried($case)) {
        my @missing = grep { ($part // '') !~ /^  \Q$_\E +$server +-?[\d.]+ /m }
                      map { $_->[0] } @{ $case->{lines} };

        is("@missing", '', "$case->{title}: all that is said of $server");
    }
}

unlike($table, qr/^  (?:lost|doubled) .*MISSED/m, 'nothing was lost or doubled');

done_testing();

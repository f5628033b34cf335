#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The cases of script/bench.  In each round every side of a case has its turn,
# with an nginx of its own that has just been started; a ratio is that of the
# two figures of one round, and what is printed is the median of the rounds.

use v5.36;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use lib dirname(__FILE__);

use Bench::Cases qw(%server cases);
use Bench::History qw(history_of);
use Bench::Machine qw(cpu_time taken);
use Bench::Nginx ();
use Bench::Table qw(median print_table write_json);
use Cpanel::JSON::XS ();
use File::Path qw(make_path);
use File::Temp ();
use Getopt::Long qw(GetOptions);
use IO::Handle ();
use Time::HiRes qw(time);

my $root = abs_path(dirname(__FILE__) . '/../..');
my $bench = "$root/build/bench";
my $limit = 300;                                # seconds of one load

my @cases = cases();
my ($rounds, $quick, $list) = (5);

GetOptions('rounds=i' => \$rounds, quick => \$quick, list => \$list)
    or exit 2;

$rounds = 1 if $quick;

if ($list) {
    printf "%-10s %s  %s\n", @$_{qw(name letter title)} for @cases;
    exit;
}

my %wanted = map { $_ => 1 } @ARGV;
my @chosen = grep { !@ARGV || $wanted{ $_->{name} } } @cases;

for my $name (@ARGV) {
    die "bench: no case \"$name\"\n" if !grep { $_->{name} eq $name } @cases;
}

make_path($bench);
my $home = File::Temp->newdir('run-XXXXXX', DIR => $bench);

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

my @syncs;
my $before = cpu_time();

for my $round (1 .. $rounds) {
    push @syncs, sync_time();

    for my $case (@chosen) {
        next if $round > ($case->{rounds} // $rounds);

        printf STDERR "round %d of %d: %s\n", $round, $rounds, $case->{title};

        my @servers = split ' ', chosen("@{ $case->{servers} }");
        @servers = reverse @servers if $round % 2 == 0;

        my %answer = $case->{name} eq 'store' ? store()
                   : map { $_ => measure($case, $_) } @servers;

        push @{ $case->{answers}{$_} }, $answer{$_} for @servers;
    }
}

my %run = (rounds => $rounds, sync => median(@syncs), taken => taken($before),
           cases => \@chosen);

print_table(\%run);
write_json(\%run, "$root/build/bench.json");


# {a|b}: b with --quick

sub chosen ($text) {
    return $text =~ s/\{([^|]*)\|([^\}]*)\}/$quick ? $2 : $1/ger;
}


# one server, one load or several

sub measure ($case, $name) {
    my $server = $server{$name};

    $server->{state} = history_of($server->{history}) if $server->{history};

    my $nginx = Bench::Nginx->start($home, $name, $server, $case->{wait});

    my $answer = $server->{side} eq 'wrk' ? wrk($case, $nginx)
               : $case->{loads} ? loads($case, $name, $nginx)
               : load($case, $name, $nginx, $case->{args});

    $nginx->stop;

    return $answer;
}


sub loads ($case, $name, $nginx) {
    my %answer;

    for (@{ $case->{loads} }) {
        my ($load, $args) = @$_;

        $answer{$load} = load($case, $name, $nginx, $args);
    }

    return \%answer;
}


sub load ($case, $name, $nginx, $args) {
    my $server = $server{$name};

    $args = chosen($args) =~ s/STATE/$nginx->{state}/r;

    my @command = ("$bench/load", '-a', "127.0.0.1:$nginx->{port}", '-p',
                   $nginx->{pid}, split(' ', $args),
                   $server->{module} ? ('-S', $nginx->{state}) : (),
                   $server->{tls} ? '-T' : (),
                   split(' ', $server->{args} // ''), $server->{side});

    my $answer = eval { Cpanel::JSON::XS::decode_json(output(@command)) }
        or die "bench: @command: $@";

    # a reload and a worker's death close connections, nothing else does

    my @wrong = qw(lost doubled failed);
    push @wrong, 'closed' if $case->{letter} ne 'e';

    for (grep { $answer->{$_} } @wrong) {
        warn "bench: $name, $case->{title}: $answer->{$_} $_\n";
    }

    # a page with nothing in it is soon sent

    die "bench: $name, @command: $answer->{page} bytes a page\n"
        if ($answer->{page} // 1000) < 1000;

    return $answer;
}


sub wrk ($case, $nginx) {
    my $url = $case->{url} // '/204';
    my $text = output('wrk', '-c', 100, '-t', 2, '-d', 2,
                      map({ ('-H', $_) } @{ $case->{headers} // [] }),
                      "http://127.0.0.1:$nginx->{port}$url");

    my ($rate) = $text =~ /^Requests\/sec:\s*([\d.]+)/m
        or die "bench: wrk said $text";

    return { rate => $rate };
}


sub store {
    my $text = output("$bench/store", '-c', 500, '-m', 50_000, '-r', 1, '-d',
                      "$home");

    my %rate = $text =~ /^(real|bare)\s+(\d+)\/s/mg;

    return map { $_ => { rate => $rate{$_} } } qw(real bare);
}


sub output (@command) {
    my $pid = open my $fh, '-|', 'timeout', $limit, @command
        or die "bench: $command[0]: $!\n";

    my $text = do { local $/; readline $fh };
    close $fh or die "bench: $command[0] failed\n";

    return $text;
}


# the median time of an append of 4 KiB with fsync(), in us

sub sync_time {
    my @times;

    open my $fh, '>', "$home/sync" or die "bench: $!\n";

    for (1 .. 200) {
        my $start = time;

        syswrite $fh, 'x' x 4096;
        $fh->sync;

        push @times, (time - $start) * 1e6;
    }

    return median(@times);
}

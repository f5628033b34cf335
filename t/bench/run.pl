#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The cases of script/bench.  In each round every side of a case has its turn,
# with an nginx of its own that has just been started; a ratio is that of the
# two figures of one round, and what is printed is the median of the rounds.

use v5.36;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use lib dirname(__FILE__);

use Bench::Cases qw(%server cases tried);
use Bench::History qw(history_of);
use Bench::Machine qw(cpu_time keep_awake taken);
use Bench::Nginx ();
use Bench::Table qw(median print_table write_json);
use Cpanel::JSON::XS ();
use File::Path qw(make_path);
use File::Temp ();
use Getopt::Long qw(GetOptions);
use IO::Handle ();
use List::Util qw(max min);
use Time::HiRes qw(time);

my $root = abs_path(dirname(__FILE__) . '/../..');
my $bench = "$root/build/bench";
my $limit = 300;                                # seconds of one load

my @cases = cases();
my $tries = 20;                                 # of a turn, with --calm
my ($rounds, $quick, $try, $list, $awake, $calm) = (5);

GetOptions('rounds=i' => \$rounds, quick => \$quick, try => \$try,
           list => \$list, awake => \$awake, 'calm=f' => \$calm) or exit 2;

$quick ||= $try;
$rounds = 1 if $quick;

if ($list) {
    printf "%-10s %s  %s\n", @$_{qw(name letter title)} for @cases;
    exit;
}

my %wanted = map { $_ => 1 } @ARGV;
my @chosen = grep { (!@ARGV || $wanted{ $_->{name} }) && (!$try || tried($_)) }
             @cases;

for my $name (@ARGV) {
    die "bench: no case \"$name\"\n" if !grep { $_->{name} eq $name } @cases;
}

make_path($bench);
my $home = File::Temp->newdir('run-XXXXXX', DIR => $bench);

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

keep_awake() if $awake;

my (@syncs, @taken);
my $again = 0;

for my $round (1 .. $rounds) {
    push @syncs, sync_time();

    for my $case (@chosen) {
        next if $round > ($case->{rounds} // $rounds);

        my @servers = $try ? tried($case)
                           : split ' ', chosen("@{ $case->{servers} }");

        printf STDERR "round %d of %d: %s\n", $round, $rounds, $case->{title};

        @servers = reverse @servers if $round % 2 == 0;

        for my $answer ($case->{turns} ? beside($case, @servers)
                        : $case->{name} eq 'store' ? calmly(\&store)
                        : { map { $_ => measure($case, $_) } @servers })
        {
            push @{ $case->{answers}{$_} }, $answer->{$_} for @servers;
        }
    }
}

my %run = (rounds => $rounds, sync => median(@syncs), taken => max(@taken, 0),
           again => $again, cases => \@chosen);

print_table(\%run);
write_json(\%run, "$root/build/bench.json") if !$try;


# {a|b}: b with --quick

sub chosen ($text) {
    return $text =~ s/\{([^|]*)\|([^\}]*)\}/$quick ? $2 : $1/ger;
}


# one server, one load or several

sub measure ($case, $name) {
    my $server = $server{$name};

    $server->{state} = history_of($server->{history}) if $server->{history};

    my $nginx = Bench::Nginx->start($home, $name, $server, $case->{wait});

    my $answer = $server->{side} eq 'wrk' ? calmly(sub { wrk($case, $nginx, 2) })
               : $case->{loads} ? loads($case, $name, $nginx)
               : calmly(sub { load($case, $name, $nginx, $case->{args}) });

    $nginx->stop;

    return $answer;
}


# Small differences: all servers stay, and have many short turns after one that
# does not count.  An answer is that of a turn of each.

sub beside ($case, @servers) {
    my %nginx = map { $_ => Bench::Nginx->start($home, $_, $server{$_}, undef) }
                @servers;
    my @answers;

    for my $turn (0 .. $case->{turns}) {
        @servers = reverse @servers;

        my %answer = map {
            my $nginx = $nginx{$_};
            $_ => calmly(sub { wrk($case, $nginx, 1) });
        } @servers;

        push @answers, \%answer if $turn;
    }

    $_->stop for values %nginx;

    return @answers;
}


sub loads ($case, $name, $nginx) {
    my %answer;

    for (@{ $case->{loads} }) {
        my ($load, $args) = @$_;

        $answer{$load} = calmly(sub { load($case, $name, $nginx, $args) });
    }

    return \%answer;
}


# What the host took too much of is measured again, whatever came of it; of what
# never had enough, the turn that was disturbed least.

sub calmly ($what) {
    my ($best, $least);

    for my $try (1 .. (defined $calm ? $tries : 1)) {
        my $before = cpu_time();
        my $answer = $what->();
        my $taken = 100 * taken($before);

        ($best, $least) = ($answer, $taken) if !defined $least
                                               || $taken < $least;
        $again++ if $try > 1;
        last if $taken <= ($calm // 100);
    }

    push @taken, $least / 100;

    return $best;
}


sub load ($case, $name, $nginx, $args) {
    my $server = $server{$name};

    $args = sized(chosen($args)) =~ s/STATE/$nginx->{state}/r;

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


# with --try, few clients for a moment; what has a signal needs its seconds

sub sized ($args) {
    return $args if !$try;

    $args =~ s/-([cwr]) (\d+)/"-$1 " . min($2, 20)/ge;
    $args =~ s/-([dsg]) (\d+)/"-$1 " . min($2, 1)/ge if $args !~ /-[HK] /;

    return $args;
}


sub wrk ($case, $nginx, $seconds) {
    my $url = $case->{url} // '/204';
    my $cpu = $nginx->cpu;
    my $text = output('wrk', '-c', 100, '-t', 2, '-d', $seconds,
                      map({ ('-H', $_) } @{ $case->{headers} // [] }),
                      "http://127.0.0.1:$nginx->{port}$url");

    my ($rate) = $text =~ /^Requests\/sec:\s*([\d.]+)/m
        or die "bench: wrk said $text";

    my ($count) = $text =~ /^\s*(\d+) requests in/m;

    return { rate => $rate, cpu => ($nginx->cpu - $cpu) / $count };
}


sub store {
    my $text = output("$bench/store", '-c', $try ? 20 : 500,
                      '-m', $try ? 500 : 50_000, '-r', 1, '-d', "$home");

    my %rate = $text =~ /^(real|bare)\s+(\d+)\/s/mg;

    return { map { $_ => { rate => $rate{$_} } } qw(real bare) };
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

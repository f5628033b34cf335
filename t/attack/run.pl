#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The attacks of script/attack, one after the other on the same nginx: how
# long a message takes to its waiting poll meanwhile, how long an operator
# waits for the list of conversations, and what memory it takes.

use v5.36;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Getopt::Long qw(GetOptions);
use List::Util qw(max sum0);
use POSIX ();
use Time::HiRes qw(sleep time);

use lib dirname(__FILE__);

use Chat;
use Attacks qw(attacks);
use Mojo::JSON qw(decode_json);

my $root = abs_path(dirname(__FILE__) . '/../..');
my @attacks = attacks();
my ($quick, $list);

GetOptions(quick => \$quick, list => \$list) or exit 2;

if ($list) {
    printf "%-10s %s\n", @$_{qw(name title)} for @attacks;
    exit;
}

for my $name (@ARGV) {
    die "attack: there is none named \"$name\"\n"
        if !grep { $_->{name} eq $name } @attacks;
}

my %wanted = map { $_ => 1 } @ARGV;
@attacks = grep { $wanted{ $_->{name} } } @attacks if @ARGV;

my $seconds = $quick ? 3 : 10;

my ($own, $theirs) = halves();
my %attackers;                      # by process

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

pin($own);

# as on a server of a site; no limit_req, no limit_conn

my $t = Chat->new(workers => 2, log_level => 'crit')->config(<<'CONF')->start;
%%GLOBALS%%

events {
    worker_connections 20000;
}

http {
    %%HTTP%%
    access_log off;
    keepalive_requests 100000000;

    server {
        listen 127.0.0.1:%%PORT%% reuseport backlog=4096;

        location /chat/ { chat; chat_assets %%STATIC%%; }
        location = /nothing { return 204; }
        location = /status { stub_status; }
    }
}
CONF

my $admin = $t->admin;
my $visitor = $t->visitor;
my $watcher = $t->browser;
my $seen = 0;

$visitor->say('hello');

my %target = (
    chat => $t, port => $t->port, dir => $t->dir, seconds => $seconds + 4,
    origin => $t->origin, quick => $quick,
    visitor => cookie($visitor), operator => cookie($admin),
    conversation => $visitor->conversation,
);

say machine();
printf "%-40s %7s %7s %6s  %7s %7s %6s  %6s %6s  %s\n", '', 'p50', 'p99',
    'ratio', 'op p50', 'op p99', 'ratio', 'peak', 'after', 'attacker';

measure(undef);                     # warms up

my $quiet = row('quiet', measure(undef));
my ($missed, $harmed) = (0, 0);

for my $attack (@attacks) {
    my $figures = row($attack->{title}, measure($attack), $quiet);

    $harmed += $figures->{bad};
    $missed++ if $figures->{p99} > 3 * $quiet->{p99}
                 || $figures->{op99} > 3 * $quiet->{op99};
}

row('quiet again', measure(undef), $quiet);

my @alarming = $t->alarming;

$t->stop;
$t->{finished} = 1;

say "in the log: $_" for @alarming;
say $missed ? "$missed with a p99 of more than 3 times the quiet one"
            : 'every p99 within 3 times the quiet one';

exit(@alarming || $harmed ? 1 : 0);


# their session is not ended with ours

END {
    local $?;
    kill 'TERM', keys %attackers;
}


sub machine {
    my ($model) = (slurp('/proc/cpuinfo') =~ /^model name\s*: (.*)/m);
    my ($load) = slurp('/proc/loadavg') =~ /^(\S+)/;
    my $cores = () = slurp('/proc/cpuinfo') =~ /^processor/mg;

    return "$cores cores, $model, load $load; $seconds s each; times in ms,"
           . ' memory in MB';
}


# The cores, in two lists: attackers have machines of their own, so they have
# some for themselves here.

sub halves {
    my @cores = map { /^(\d+)-(\d+)$/ ? ($1 .. $2) : $_ }
                split /,/, (slurp('/proc/self/status')
                            =~ /^Cpus_allowed_list:\s*(\S+)/m)[0];

    die "attack: it takes two cores\n" if @cores < 2;

    return (join(',', @cores[0 .. @cores / 2 - 1]),
            join(',', @cores[@cores / 2 .. $#cores]));
}


sub pin ($cores) {
    system("taskset -pc $cores $$ >/dev/null") == 0 or die "attack: taskset\n";
}


sub slurp ($path) {
    open my $in, '<', $path or return '';
    local $/;
    return <$in> // '';
}


sub cookie ($agent) {
    return join '; ', map { $_->name . '=' . $_->value }
                      @{ $agent->ua->cookie_jar->all };
}


# one attack, or none, and what others notice of it

sub measure ($attack) {
    my ($others, $accepted) = connections();
    my @attackers = map { started($_) }
                    $attack ? $attack->{start}->(\%target) : ();

    # until it is in full swing

    until_true("$attack->{title}: it does not begin", sub {
        return (connections())[1] - $accepted >= connections_of($attack);
    }) if $attack;

    my $operator = operator();
    my $load = well_behaved();
    my $peak = memory();

    my %figures = (%$load, answered($operator), peak => $peak);

    for my $attacker (@attackers) {
        $peak = max($peak, memory());
        kill 'TERM', $attacker->{pid} if !$attack->{finishes};
        waitpid $attacker->{pid}, 0;
        delete $attackers{ $attacker->{pid} };
    }

    $figures{said} = $attack && $attack->{said}
        ? $attack->{said}->(map { slurp($_->{output}) } @attackers) : '';

    $figures{peak} = max($peak, memory());

    # what was for the attackers' connections only is given back with them

    until_true('the attackers\' connections stay', sub {
        return (connections())[0] <= $others;
    });

    return { %figures, after => memory() };
}


# (how many there are, how many there have been), by one that stays

sub connections {
    my $text = $watcher->get('/status')->body;

    $text =~ /^Active connections: (\d+).*?^ (\d+) \d+ \d+ $/ms
        or die "no status: $text\n";

    return ($1, $2);
}


sub connections_of ($attack) {
    my ($all, $quick) = @{ $attack->{connections} };

    return $target{quick} ? $quick // $all : $all;
}


sub until_true ($else, $condition) {
    wait_for(\&$condition, 60) or die "attack: $else\n";
}


# an attacker is a command, or a sub; what it says goes to a file

sub started ($what) {
    my $output = $t->dir . '/attacker.' . ++$seen;

    my $pid = fork // die "fork: $!\n";

    if ($pid) {
        $attackers{$pid} = 1;
        return { pid => $pid, output => $output };
    }

    %attackers = ();
    $t->{owner} = 0;

    open STDOUT, '>', $output or POSIX::_exit(1);
    open STDERR, '>&', \*STDOUT;
    $SIG{$_} = 'DEFAULT' for qw(TERM INT HUP ALRM PIPE);
    alarm 300;

    # and in a session of their own, as the kernel shares time out by these

    POSIX::setsid();
    pin($theirs);

    if (ref $what eq 'CODE') {
        eval { $what->(); 1 } or print $@;
        close STDOUT;
        POSIX::_exit(0);
    }

    exec @$what or POSIX::_exit(127);
}


# A hundred messages a second of four visitors, each to its waiting poll.  A
# time counts from when the message was to be sent.

sub well_behaved {
    my $text = qx($root/build/bench/load -a 127.0.0.1:$target{port} \\
                  -p $t->{pid} -c 4 -r 100 -d $seconds ours);
    my $load = decode_json($text);

    die "the load tool failed\n" if $?;

    return {
        p50 => $load->{delivery}{p50} / 1000,
        p99 => $load->{delivery}{p99} / 1000,
        bad => sum0(map { $load->{$_} // 0 } qw(lost doubled failed)),
    };
}


# An operator who looks at the list of conversations 20 times a second.

sub operator {
    pipe my $from, my $to or die "pipe: $!\n";

    my $pid = fork // die "fork: $!\n";

    if ($pid) {
        close $to;
        return { pid => $pid, from => $from };
    }

    $t->{owner} = 0;
    $SIG{PIPE} = 'IGNORE';

    my $until = time + $seconds;
    my @took;

    for (my $due = time; $due < $until; $due += 0.05) {
        my $left = $due - time;

        # an open loop: the next one is asked when it is due, not before

        sleep $left if $left > 0;

        push @took, Attacks::ask(\%target,
            "GET /chat/api/v1/operator/conversations?limit=20 HTTP/1.1\r\n"
            . "Host: 127.0.0.1:$target{port}\r\n"
            . "Cookie: $target{operator}\r\n\r\n") ? time - $due : 9;
    }

    print $to "@took";
    close $to;
    POSIX::_exit(0);
}


sub answered ($operator) {
    my $from = $operator->{from};
    my @took = sort { $a <=> $b } map { $_ * 1000 } split ' ', <$from> // '';

    waitpid $operator->{pid}, 0;

    return (op50 => $took[@took / 2], op99 => $took[@took * 0.99]);
}


# proportional set size of master and workers, in MB

sub memory {
    return sum0(map { slurp("/proc/$_/smaps_rollup") =~ /^Pss:\s+(\d+)/m
                      ? $1 / 1024 : 0 } $t->pid, $t->workers);
}


sub row ($title, $f, $base = undef) {
    printf "%-40s %7.2f %7.2f %6s  %7.2f %7.2f %6s  %6.1f %6.1f  %s%s\n",
        $title, @$f{qw(p50 p99)}, $base ? ratio($f, $base, 'p99') : '',
        @$f{qw(op50 op99)}, $base ? ratio($f, $base, 'op99') : '',
        @$f{qw(peak after)}, $f->{said} // '',
        $f->{bad} ? "; $f->{bad} LOST, DOUBLED OR FAILED" : '';

    STDOUT->flush;

    return $f;
}


sub ratio ($f, $base, $what) { sprintf '%.1f', $f->{$what} / $base->{$what} }

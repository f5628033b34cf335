#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The cases of script/bench.  In each round every side of a case has its turn,
# with an nginx of its own that has just been started; a ratio is that of the
# two figures of one round, and what is printed is the median of the rounds.

use v5.36;

use Cpanel::JSON::XS ();
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp ();
use Getopt::Long qw(GetOptions);
use IO::Handle ();
use IO::Socket::INET ();
use List::Util qw(max min);
use Time::HiRes qw(sleep time);

my $root = abs_path(dirname(__FILE__) . '/../..');
my $bench = "$root/build/bench";
my $limit = 120;                                # seconds of one load

use constant WORKERS => 2;

# a server: which module, what the load tool calls it

my %server = (
    ours => { side => 'ours', conf => 'chat_state state;' },
    normal => { side => 'ours',
                conf => 'chat_state state; chat_durability normal;' },
    nchan => { side => 'nchan', conf => 'nchan_shared_memory_size 512m;' },
    'ours-1k' => { side => 'ours',
                   conf => 'chat_state state; request_pool_size 1k;' },
    'nchan-1k' => { side => 'nchan',
                    conf => 'nchan_shared_memory_size 512m;'
                            . ' request_pool_size 1k;' },
    204 => { side => 'get', args => '-u /204' },
    static => { side => 'get', args => '-u /1k' },
    wrk => { side => 'wrk' },
);

# Of each case: what the load tool gets, the servers, and lines of the table:
# [ figure, where it stands in the answer, divisor, unit, targets ].  A target
# is [ which server, compared with which, '<=' or '>=', ratio, extra syncs ] or
# [ which server, undef, '<=', value ].

my @poll_and_stream = ([ 'long-poll', '' ], [ 'SSE', '-e' ]);

my @cases = (
    { name => 'pair', letter => 'a', servers => [qw(ours normal nchan)],
      title => 'one pair, long-poll, other worker, 300/s',
      args => '-x -k -r 300 -d 2',
      lines => [
          [ 'p50', 'delivery p50', 1, 'us', [ ours => 'nchan', '<=', 1, 1 ],
                                           [ normal => 'nchan', '<=', 1, 1 ] ],
          [ 'min', 'delivery min', 1, 'us' ],
          [ 'p99', 'delivery p99', 1, 'us' ],
      ] },
    map({ my ($title, $arg) = @$_;
      +{ name => 'pingpong', letter => 'b', servers => [qw(ours normal nchan)],
      title => "500 conversations, closed loop, $title",
      args => "-c 500 -t 2 -d 2 $arg",
      lines => [
          [ 'messages', 'rate', 1, '/s', [ ours => 'nchan', '>=', 0.5 ],
                                        [ normal => 'nchan', '>=', 0.8 ] ],
          [ 'p99', 'delivery p99', 1000, 'ms' ],
          [ 'CPU', 'cpu', 1, 'us' ],
      ] } } @poll_and_stream),
    map({ my ($title, $arg) = @$_;
      +{ name => 'load', letter => 'b', servers => [qw(ours normal nchan)],
      title => "500 conversations, 5000/s, $title",
      args => "-c 500 -t 2 -r 5000 -d 2 $arg",
      lines => [
          [ 'p50', 'delivery p50', 1, 'us' ],
          [ 'p99', 'delivery p99', 1, 'us', [ ours => 'nchan', '<=', 1, 2 ],
                                           [ normal => 'nchan', '<=', 1, 2 ] ],
      ] } } @poll_and_stream),
    map({ my ($title, $arg) = @$_;
      +{ name => 'fanout', letter => 'c', servers => [qw(ours nchan)],
      title => "one event to 10,000 waiters, $title",
      args => "-w 10000 -r 1 -d 3 -s 2 -P 8 $arg",
      lines => [
          [ 'last', 'last p50', 1000, 'ms', [ ours => 'nchan', '<=', 1 ] ],
          [ 'other', 'other max', 1000, 'ms', [ ours => undef, '<=', 20 ] ],
          [ 'CPU', 'cpu', 10_000, 'us' ],
      ] } } @poll_and_stream),
    map({ my ($title, $arg) = @$_;
      +{ name => 'memory', letter => 'd',
      servers => [qw(ours nchan ours-1k nchan-1k)],
      title => "10,000 idle waiters of 10,000 visitors, $title",
      args => "-i -c 10000 -s 1 $arg",
      lines => [
          [ 'a waiter', 'bytes', 1, 'B', [ ours => 'nchan', '<=', 0.8 ],
                                       [ 'ours-1k' => 'nchan-1k',
                                         '<=', 0.8 ] ],
      ] } } @poll_and_stream),
    { name => 'send', letter => 'f', servers => [qw(ours normal nchan)],
      title => '500 visitors who send, nobody waits',
      args => '-c 500 -w 0 -t 2 -d 2',
      lines => [
          [ 'messages', 'rate', 1, '/s' ],
          [ 'p99', 'ack p99', 1000, 'ms' ],
          [ 'CPU', 'cpu', 1, 'us' ],
      ] },
    { name => 'store', letter => 'f', servers => [qw(real bare)],
      title => '500 clients of the store, and a bare SQLite loop',
      lines => [
          [ 'messages', 'rate', 1, '/s', [ real => 'bare', '>=', 0.8 ] ],
      ] },
    { name => 'floor', letter => '-', servers => [qw(204 wrk static)],
      title => '100 connections that ask nginx for nothing, or for 1 KB',
      args => '-c 100 -t 2 -d 2',
      lines => [ [ 'requests', 'rate', 1, '/s' ], [ 'CPU', 'cpu', 1, 'us' ] ] },
);

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
my %running;

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

my @syncs;

for my $round (1 .. $rounds) {
    push @syncs, sync_time();

    for my $case (@chosen) {
        printf STDERR "round %d of %d: %s\n", $round, $rounds, $case->{title};

        my @servers = @{ $case->{servers} };
        @servers = reverse @servers if $round % 2 == 0;

        my %answer = $case->{name} eq 'store' ? store()
                   : map { $_ => measure($case, $_) } @servers;

        push @{ $case->{answers}{$_} }, $answer{$_} for @servers;
    }
}

my $sync = median(@syncs);

print_table();
write_json();


# one server, one load

sub measure ($case, $name) {
    my $server = $server{$name};
    my $nginx = start($name, $server);

    return stopped($nginx, wrk($nginx)) if $name eq 'wrk';

    my @command = ("$bench/load", '-a', "127.0.0.1:$nginx->{port}", '-p',
                   $nginx->{pid}, split(' ', $case->{args}),
                   $server->{side} eq 'ours' ? ('-S', "$nginx->{dir}/state")
                                             : (),
                   split(' ', $server->{args} // ''), $server->{side});

    my $answer = eval { Cpanel::JSON::XS::decode_json(output(@command)) }
        or die "bench: @command: $@";

    for (grep { $answer->{$_} } qw(lost doubled failed)) {
        warn "bench: $name, $case->{title}: $answer->{$_} $_\n";
    }

    return stopped($nginx, $answer);
}


sub wrk ($nginx) {
    my $text = output('wrk', '-c', 100, '-t', 2, '-d', 2,
                      "http://127.0.0.1:$nginx->{port}/204");

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


# nginx

sub start ($name, $server) {
    my $dir = "$home/$name";
    my $port = free_port();

    make_path($dir);
    chmod 0755, "$home", $dir;

    write_file("$dir/nginx.conf", configuration($server, $dir, $port));
    write_file("$dir/1k", 'x' x 1024);

    my @args = ('-p', "$dir/", '-c', 'nginx.conf', '-e', 'error.log');

    system('/usr/sbin/nginx', @args) == 0
        or die "bench: nginx does not start, see $dir/error.log\n";

    my $pid = until_there(sub { read_file("$dir/nginx.pid") =~ /^(\d+)/
                                && $1 });
    $running{$pid} = 1;

    until_there(sub { IO::Socket::INET->new(
        PeerAddr => "127.0.0.1:$port", Timeout => 1) });
    until_there(sub { -s "$dir/state/setup-code" }) if $server->{side} eq 'ours';

    return { dir => $dir, port => $port, pid => $pid };
}


sub stopped ($nginx, $answer) {
    stop($nginx->{pid});
    remove_tree($nginx->{dir});

    return $answer;
}


sub stop ($pid) {
    kill 'TERM', $pid;
    until_there(sub { !kill 0, $pid });
    delete $running{$pid};
}


END {
    local $?;
    stop($_) for keys %running;
}


sub configuration ($server, $dir, $port) {
    my %module = (
        ours => "$root/build/module/ngx_http_chat_module.so",
        nchan => '/usr/lib/nginx/modules/ngx_nchan_module.so',
    );

    my $load = $module{ $server->{side} };
    my $user = $> == 0 ? 'user root;' : '';
    my $conf = $server->{conf} // '';

    my %locations = (
        ours => 'location /chat/ { chat; chat_poll_timeout 300s; }',
        nchan => <<~'EOF',
            nchan_message_timeout 60s;
            nchan_message_buffer_length 100;
            nchan_subscriber_timeout 300s;

            location ~ ^/pub/([\w-]+)$ {
                nchan_publisher;
                nchan_channel_id $1;
            }

            location ~ ^/sub/([\w-]+)$ {
                nchan_subscriber longpoll eventsource;
                nchan_channel_id $1;
                nchan_subscriber_first_message newest;
            }
            EOF
    );

    my $temp = join "\n", map { "${_}_temp_path temp;" }
        qw(client_body proxy fastcgi uwsgi scgi);

    $load = $load ? "load_module $load;" : '';

    return <<~EOF;
        $user
        $load
        worker_processes @{[ WORKERS ]};
        worker_rlimit_nofile 16384;
        pid nginx.pid;
        error_log error.log warn;
        events { worker_connections 16000; }

        http {
            access_log off;
            keepalive_timeout 1h;
            keepalive_requests 1000000000;
            $temp
            $conf

            server {
                listen 127.0.0.1:$port reuseport backlog=4096;
                root $dir;

                location = /204 { return 204; }
                location = /1k { open_file_cache max=10; }
                location = /pid { default_type text/plain; return 200 \$pid; }
                @{[ $locations{ $server->{side} } // '' ]}
            }
        }
        EOF
}


sub free_port {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
        or die "bench: no port: $!\n";

    return $socket->sockport;
}


sub until_there ($what) {
    my $end = time + 20;

    while (time < $end) {
        my $value = eval { $what->() };
        return $value if $value;
        sleep 0.01;
    }

    die "bench: nginx does not come, or does not go\n";
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


# the table

sub print_table {
    printf "\n%s\n%d rounds, %d workers; a sync takes %.0f us\n", machine(),
           $rounds, WORKERS, $sync;

    for my $case (@chosen) {
        printf "\n(%s) %s\n", @$case{qw(letter title)};

        for my $line (@{ $case->{lines} }) {
            for my $server (@{ $case->{servers} }) {
                print_figure($case, $line, $server);
            }
        }
    }
}


sub print_figure ($case, $line, $server) {
    my ($figure, $path, $divisor, $unit, @targets) = @$line;
    my @values = figures($case, $line, $server) or return;

    printf "  %-9s %-8s %10s %-3s [%s .. %s]", $figure, $server,
           number(median(@values)), $unit, number(min(@values)),
           number(max(@values));

    print_target($case, $line, $_) for grep { $_->[0] eq $server } @targets;
    print "\n";
}


sub print_target ($case, $line, $target) {
    my $is = judged($case, $line, $target);

    printf "  %s %s %s  %s", $is->{what}, number($is->{value}),
           "($target->[2] $is->{target})", $is->{met} ? 'met' : 'MISSED';
}


# What is compared, its value, and whether the target is met.

sub judged ($case, $line, $target) {
    my ($server, $other, $sign, $bound, $syncs) = @$target;
    my @own = figures($case, $line, $server);
    my %is;

    if (!defined $other) {
        %is = (what => 'is', value => median(@own), target => $bound);

    } elsif ($syncs) {
        my @others = figures($case, $line, $other);
        my $allowed = median(@others) + $syncs * $sync / $line->[2];

        %is = (what => 'ratio', value => median(ratios(\@own, \@others)),
               target => sprintf '%s + %d sync', $other, $syncs);
        $is{met} = median(@own) <= $allowed ? 1 : 0;

    } else {
        my @others = figures($case, $line, $other);

        %is = (what => 'ratio', value => median(ratios(\@own, \@others)),
               target => $bound);
    }

    $is{met} //= ($sign eq '<=' ? $is{value} <= $bound : $is{value} >= $bound)
        ? 1 : 0;

    return \%is;
}


sub ratios ($own, $others) {
    return map { $own->[$_] / $others->[$_] } 0 .. $#$own;
}


sub figures ($case, $line, $server) {
    my @values;

    for my $answer (@{ $case->{answers}{$server} }) {
        my $value = $answer;
        $value = $value->{$_} // return for split ' ', $line->[1];

        push @values, $value / $line->[2];
    }

    return @values;
}


sub write_json {
    my @out;

    for my $case (@chosen) {
        my @targets;

        for my $line (@{ $case->{lines} }) {
            my ($figure, $path, $divisor, $unit, @of) = @$line;

            push @targets, { %{ judged($case, $line, $_) }, server => $_->[0],
                             figure => $figure, sign => $_->[2] } for @of;
        }

        push @out, { map({ $_ => $case->{$_} } qw(name letter title args
                                                  answers)),
                     targets => \@targets };
    }

    write_file("$root/build/bench.json",
               Cpanel::JSON::XS->new->pretty->canonical->encode({
                   machine => machine(), rounds => $rounds,
                   workers => WORKERS, sync_us => $sync, cases => \@out,
               }));
}


sub machine {
    my ($cpu) = read_file('/proc/cpuinfo') =~ /^model name\s*:\s*(.*)$/m;
    my $cores = () = read_file('/proc/cpuinfo') =~ /^processor/mg;
    my ($kernel) = read_file('/proc/version') =~ /^Linux version (\d+\.\d+)/;

    return sprintf '%d cores, %s, Linux %s, load %.1f', $cores, $cpu // '?',
           $kernel // '?', read_file('/proc/loadavg') =~ /^(\S+)/;
}


sub median (@values) {
    @values = sort { $a <=> $b } @values;
    return @values % 2 ? $values[$#values / 2]
                       : ($values[$#values / 2] + $values[@values / 2]) / 2;
}


sub number ($value) {
    return sprintf $value < 10 ? '%.2f' : $value < 100 ? '%.1f' : '%.0f',
                   $value;
}


sub read_file ($path) {
    open my $fh, '<', $path or die "$path: $!\n";
    return do { local $/; readline($fh) // '' };
}


sub write_file ($path, $text) {
    open my $fh, '>', $path or die "$path: $!\n";
    print $fh $text;
    close $fh or die "$path: $!\n";
}

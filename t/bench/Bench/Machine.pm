package Bench::Machine;

# Copyright (C) ngx_chat_module contributors

# On what it was measured, and whether that was all there for it: a virtual
# machine may wait for its host while it has work.
#
#     keep_awake();
#     my $before = cpu_time();
#     ...
#     printf "%s; %.0f %% were taken\n", machine(), 100 * taken($before);

use v5.36;

use Bench::Nginx qw(read_file);
use Exporter qw(import);

our @EXPORT_OK = qw(cpu_time keep_awake machine taken);

my @loops;


sub machine {
    my ($cpu) = read_file('/proc/cpuinfo') =~ /^model name\s*:\s*(.*)$/m;
    my ($kernel) = read_file('/proc/version') =~ /^Linux version (\d+\.\d+)/;

    return sprintf '%d cores, %s, Linux %s, load %.1f', cores(), $cpu // '?',
           $kernel // '?', read_file('/proc/loadavg') =~ /^(\S+)/;
}


# A virtual core that has nothing to do is given back, and whoever needs it next
# waits for the host: a loop on each, which gives way to everything else, keeps
# them.  It ends with this process, however that ends.

sub keep_awake {
    my $loop = '$of = getppid; while (getppid == $of) { $n++ for 1 .. 1e5 }';

    for (1 .. cores()) {
        my $pid = fork // die "bench: fork: $!\n";

        if (!$pid) {
            exec 'chrt', '--idle', 0, $^X, '-e', $loop;
            die "bench: chrt: $!\n";
        }

        push @loops, $pid;
    }
}


END {
    local $?;
    kill 'TERM', @loops;
}


sub cores {
    return scalar(() = read_file('/proc/cpuinfo') =~ /^processor\s*:/mg);
}


# Of all cores since the start, by what it was spent on (proc_stat(5)).

sub cpu_time {
    my %time;

    @time{qw(user nice system idle iowait irq softirq steal)}
        = read_file('/proc/stat') =~ /^cpu +(.*)$/m ? split ' ', $1 : ();

    return \%time;
}


# Of the time since then in which there was work, what the host gave to others.

sub taken ($before) {
    my $now = cpu_time();
    my %spent = map { $_ => ($now->{$_} // 0) - ($before->{$_} // 0) } keys %$now;
    my $wanted = 0;

    $wanted += $spent{$_} for qw(user nice system irq softirq steal);

    return $wanted ? $spent{steal} / $wanted : 0;
}


1;

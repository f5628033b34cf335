#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The runner behind script/test: builds what the chosen tests need, runs them
# side by side, shows the whole output of what failed, and counts every point
# of every TAP stream.  No test at all is a failure.  Of a test that passed it
# shows the lines that begin with "# figures:".

use v5.36;

use Cwd qw(getcwd);
use File::Find ();
use Getopt::Long qw(GetOptions);
use POSIX qw(:sys_wait_h);
use TAP::Parser ();
use Time::HiRes qw(time);

use constant TIMEOUT => 300;

my $root = getcwd;

# what each kind of test needs to be built, and how a file of it is run

my %kind = (
    perl => {
        needs   => [],
        command => sub ($file) { ('perl', '-It/lib', $file) },
    },
    live => {
        needs   => ['module', 'static'],
        command => sub ($file) { ('perl', '-It/lib', $file) },
    },
    sanitize => {
        needs   => ['static', 'sanitize'],
        command => sub ($file) {
            ('env', "CHAT_NGINX=$root/build/sanitize/nginx",
             'perl', '-It/lib', $file);
        },
    },
    unit => {
        needs   => ['unit'],
        command => sub ($file) {
            my $program = $file =~ s{^t/unit/(.*)\.c$}{build/unit/$1}r;
            ('perl', 't/lib/built.pl', $file, $program);
        },
    },
    node => {
        needs   => ['module', 'static'],
        command => sub ($file) {
            ('perl', 't/lib/leaves.pl', 'node', '--test-reporter=tap', $file);
        },
    },
    check => {
        needs   => [],
        command => sub ($folder) {
            ('perl', 't/lib/point.pl', qw(npm run --silent check --prefix),
             $folder);
        },
    },
    front => {
        needs   => [],
        command => sub ($folder) {
            ('perl', 't/lib/leaves.pl', qw(npm run --silent test --prefix),
             $folder);
        },
    },
);

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

GetOptions('sanitize!' => \(my $sanitize = 1), 'jobs=i' => \my $jobs)
    or exit 2;

chomp(my $cores = `nproc`);
$jobs ||= $cores < 2 ? 2 : $cores > 4 ? 4 : $cores;

my @jobs = choose(map { s{/+$}{}r } @ARGV);
my %built = build(@jobs);

exit report(run(grep { $built{ $_->{kind} } } @jobs));


# which tests there are

sub choose (@names) {
    my @files;

    if (-d 't') {
        File::Find::find({ no_chdir => 1, wanted => sub {
            push @files, $_
                if m{^t/(?!lib/|fuzz/|bench/|unit/).*\.t$}
                || m{^t/unit/\w+/\w+\.c$}
                || m{^t/browser/[^/]+\.mjs$};
        } }, 't');
    }

    my @jobs = map { jobs_of($_) } sort @files;

    unshift @jobs, { kind => 'front', file => 'static', name => 'static: test' },
                   { kind => 'check', file => 'static', name => 'static: check' }
        if -f 'static/package.json';

    return @jobs if !@names;

    my %of;

    for my $name (@names) {
        my @found = grep {
            $_->{file} eq $name || index($_->{file}, "$name/") == 0
        } @jobs;

        if (!@found) {
            say STDERR "test: there is no test \"$name\"";
            exit 2;
        }

        $of{ $_->{name} } = $_ for @found;
    }

    return map { $of{$_} } sort keys %of;
}


sub jobs_of ($file) {
    my %job = (file => $file, name => $file);

    return { %job, kind => 'unit' } if $file =~ m{^t/unit/};
    return { %job, kind => 'node' } if $file =~ /\.mjs$/;
    return { %job, kind => 'perl' } if !needs_nginx($file);
    return { %job, kind => 'live' } if !$sanitize || $file !~ m{^t/api/};

    return { %job, kind => 'live' },
           { %job, kind => 'sanitize', name => "$file, sanitized" };
}


sub needs_nginx ($file) {
    open my $in, '<', $file or die "$file: $!\n";
    return scalar grep { /^use Chat\b/ } <$in>;
}


# (kind => whether its tests can run); a failed build is told at the end, too

my (@unbuilt, %needed);

sub build (@jobs) {
    my (%ok, %done);

    $needed{ $_->{kind} } = 1 for @jobs;

    for my $name (sort keys %needed) {
        $ok{$name} = 1;

        for my $target (@{ $kind{$name}{needs} }) {
            $done{$target} //= build_one($target);
            $ok{$name} &&= $done{$target};
        }
    }

    return %ok;
}


sub build_one ($target) {
    my $ok = system('script/build', $target eq 'unit' ? 'source' : $target) == 0;

    # one broken test must not keep the others from running: see built.pl

    system('make', '-s', '-k', "-j$jobs", '-C', 't/unit')
        if $ok && $target eq 'unit';

    push @unbuilt, $target if !$ok;

    return $ok;
}


# runs jobs side by side, in their order, longest kind first

sub run (@jobs) {
    my %weight = (node => 3, sanitize => 2, front => 2, check => 2, perl => 1);
    my (%running, @done);

    @jobs = sort {
        ($weight{ $b->{kind} } // 0) <=> ($weight{ $a->{kind} } // 0)
    } @jobs;

    while (@jobs || %running) {
        while (@jobs && keys %running < $jobs) {
            my $job = shift @jobs;
            $running{ start($job) } = $job;
        }

        my $pid = wait_for_one(\%running);
        my $job = delete $running{$pid};

        finish($job);
        push @done, $job;
    }

    return @done;
}


sub start ($job) {
    my @command = $kind{ $job->{kind} }{command}->($job->{file});

    open $job->{output}, '+>', undef or die "a temporary file: $!";

    $job->{started} = time;

    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        setpgrp;
        open STDIN, '<', '/dev/null';
        open STDOUT, '>&', $job->{output};
        open STDERR, '>&', $job->{output};
        exec @command or POSIX::_exit(127);
    }

    return $job->{pid} = $pid;
}


sub wait_for_one ($running) {
    local $SIG{ALRM} = sub {
        for my $job (values %$running) {
            next if time - $job->{started} < TIMEOUT;
            kill $job->{hanging}++ ? 'KILL' : 'TERM', -$job->{pid};
        }

        alarm 5;
    };

    alarm 5;

    while (1) {
        my $pid = waitpid -1, 0;

        if ($pid > 0 && $running->{$pid}) {
            alarm 0;
            $running->{$pid}{status} = $?;
            return $pid;
        }
    }
}


sub finish ($job) {
    seek $job->{output}, 0, 0;
    my $text = do { local $/; readline $job->{output} } // '';
    close delete $job->{output};

    my $parser = TAP::Parser->new({ tap => $text });
    $parser->run;

    my @skipped = $parser->skipped;

    $job->{skipped} = @skipped;
    $job->{passed} = $parser->passed - @skipped;
    $job->{failed} = $parser->failed;

    my @why = $parser->parse_errors;

    push @why, "it took more than ${\ TIMEOUT} s" if $job->{hanging};
    push @why, 'it ended with '
        . ($job->{status} & 127 ? 'signal ' . ($job->{status} & 127)
                                : 'status ' . ($job->{status} >> 8))
        if $job->{status};
    push @why, 'it tested nothing'
        if !$parser->tests_run && !defined $parser->skip_all;

    # a test that breaks off is a failure of its own, unless it told why

    $job->{failed}++ if @why && !$job->{failed};

    printf "%-6s %s  %d  %.1f s%s\n",
        $job->{failed} ? 'FAILED' : 'ok', $job->{name},
        $job->{passed} + $job->{failed}, time - $job->{started},
        defined $parser->skip_all ? '  skipped: ' . $parser->skip_all : '';

    if (!$job->{failed}) {
        print map { "       $_\n" } $text =~ /^# figures: (.+)$/mg;
        return;
    }

    print map { "    $_\n" } split(/\n/, $text), map { "=> $_" } @why;
}


sub report (@done) {
    my ($passed, $failed, $skipped) = (0, scalar @unbuilt, 0);

    for my $job (@done) {
        $passed += $job->{passed};
        $failed += $job->{failed};
        $skipped += $job->{skipped};
    }

    my @failed = sort map { $_->{name} } grep { $_->{failed} } @done;

    say '';
    say "not built: @unbuilt" if @unbuilt;
    say "failed: $_" for @failed;
    say "$skipped skipped" if $skipped;

    if ($passed + $failed == 0) {
        say 'no test was run';
        $failed = 1;
    }

    say "$passed passed, $failed failed";

    return $failed ? 1 : 0;
}


END {
    # the tests take their servers with them

    if (defined $root) {
        local $?;
        kill 'TERM', map { -$_->{pid} }
            grep { $_->{pid} && !defined $_->{status} } @jobs;
    }
}

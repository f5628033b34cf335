package Chat;

# Copyright (C) ngx_chat_module contributors

# One nginx for one test: a directory of its own, free ports, a configuration
# that the test shows, and a log that must hold no alert when it is over.
#
#     use lib 't/lib';
#     use Chat;
#
#     my $t = Chat->new->config(<<'EOF')->start;
#     %%GLOBALS%%
#     events { }
#     http {
#         %%HTTP%%
#         server {
#             listen 127.0.0.1:%%PORT%%;
#             location /chat/ { chat; }
#         }
#     }
#     EOF
#
#     is($t->visitor->say('hello')->code, 201, 'sent');
#     $t->done;

use v5.36;

use Carp qw(croak);
use Cwd qw(abs_path);
use DBI ();
use File::Basename qw(dirname);
use File::Temp ();
use IO::Select ();
use IO::Socket::INET ();
use Mojo::IOLoop ();
use Scalar::Util ();
use Test::More ();
use Time::HiRes ();

use Chat::Admin ();
use Chat::Agent ();
use Chat::Visitor ();
use Chat::Wait qw(wait_for);
use OpenAPI ();

our $root = abs_path(dirname(__FILE__) . '/../..');

# a test that hangs is a test that failed

use constant TEST_TIMEOUT => $ENV{CHAT_TIMEOUT} || 180;
use constant START_TIMEOUT => 30;
use constant STOP_TIMEOUT => 20;


sub import {
    strict->import;
    warnings->import;
    utf8->import;
    feature->import(':5.36');

    Test::More->export_to_level(1);

    no strict 'refs';
    *{caller() . '::wait_for'} = \&wait_for;
}


my @all;                                # weak


sub new ($class, %opt) {
    my $self = bless {
        workers   => 2,
        prefix    => '/chat/',
        port_held => {},
        allowed   => [],
        broken    => [],
        preloaded => [],
        preload   => {},
        answers   => 0,
        pid       => undef,
        owner     => $$,
        %opt,
    }, $class;

    push @all, $self;
    Scalar::Util::weaken($all[-1]);

    my $builder = Test::More->builder;

    binmode($builder->$_, ':encoding(UTF-8)')
        for qw(output failure_output todo_output);

    $SIG{ALRM} = sub { die "the test took more than ", TEST_TIMEOUT, " s\n" };
    $SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);
    alarm(TEST_TIMEOUT);

    # a worker that is not root has to reach its files in there

    $self->{temp} = File::Temp->newdir('chat-test-XXXXXXXX', TMPDIR => 1,
                                       CLEANUP => !$ENV{CHAT_KEEP});
    $self->{dir} = "$self->{temp}";
    chmod 0755, $self->{dir};

    return $self;
}


# what there is to know

sub dir ($self) { $self->{dir} }
sub state_dir ($self) { "$self->{dir}/state" }
sub pid ($self) { $self->{pid} }
sub url ($self, $path = '') { $self->origin . $path }

sub api ($self, $path = '') {
    return $self->url("$self->{prefix}api/v1/$path");
}

sub origin ($self) {
    my $scheme = $self->{tls} ? 'https' : 'http';
    return "$scheme://127.0.0.1:" . $self->port;
}


# configuration

sub nginx ($class_or_self) {
    return $ENV{CHAT_NGINX} || '/usr/sbin/nginx';
}


sub config ($self, $text = default_config()) {
    my %token = (
        GLOBALS => sub { $self->_globals },
        HTTP    => sub { $self->_http },
        CERT    => sub { $self->_certificate },
        DIR     => sub { $self->{dir} },
        STATE   => sub { $self->state_dir },
        STATIC  => sub { "$root/build/static" },
        ROOT    => sub { $root },
    );

    $text =~ s{%%(\w+)%%}{
        my $name = $1;
        $name =~ /^PORT(\d*)$/ ? $self->port($1 || 1)
            : $token{$name} ? $token{$name}->()
            : croak "unknown token %%$name%%";
    }ge;

    $self->write('nginx.conf', $text);

    return $self;
}


sub default_config {
    return <<'CONF';
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF
}


sub _globals ($self) {
    my $level = $ENV{CHAT_DEBUG} ? 'debug' : $self->{log_level} // 'info';

    my @lines = (
        "worker_processes $self->{workers};",
        "pid $self->{dir}/nginx.pid;",
        "error_log $self->{dir}/error.log $level;",
    );

    push @lines, 'user ' . $self->user . ';' if $> == 0;

    push @lines, map "env $_;", 'LD_PRELOAD', sort keys %{ $self->{preload} }
        if @{ $self->{preloaded} };

    push @lines, "load_module $root/build/module/ngx_http_chat_module.so;"
        if !$ENV{CHAT_NGINX};

    return join "\n", @lines;
}


# Who the workers are: as on a real machine, unless the checkout is closed to
# that user.

sub user ($self) {
    state $user = $> != 0 ? scalar getpwuid $> : do {
        my ($path, $open) = ($root, 1);

        while ($path ne '/') {
            $open &&= (stat $path)[2] & 001;
            $path = dirname($path);
        }

        $open && getpwnam('www-data') ? 'www-data' : 'root';
    };

    return $user;
}


sub _http ($self) {
    my $dir = $self->{dir};

    return join "\n    ",
        (map "${_}_temp_path $dir/$_;",
             qw(client_body proxy fastcgi uwsgi scgi)),
        "access_log $dir/access.log;",
        "chat_state " . $self->state_dir . ';',

        # tests write faster than people; that is braked is in t/api/brake.t

        map "chat_$_ 0;", @{ $self->{brakes} ? [] : [
            qw(visitor_rate address_rate repeats first_links)
        ] };
}


sub _certificate ($self) {
    my $name = "$self->{dir}/localhost";

    if (!-e "$name.crt") {
        system('openssl req -x509 -newkey rsa:2048 -nodes -days 2'
               . ' -subj /CN=localhost'
               . ' -addext subjectAltName=DNS:localhost,IP:127.0.0.1'
               . " -keyout $name.key -out $name.crt 2>$name.log") == 0
            or croak "openssl failed";
    }

    $self->{tls} = 1 if !defined $self->{tls};

    return "ssl_certificate $name.crt; ssl_certificate_key $name.key;";
}


# A port is ours as long as a UDP socket of the same number is: tests that
# run side by side never choose the same one.

sub port ($self, $which = 1) {
    return $self->{port_held}{$which}{number}
        if $self->{port_held}{$which};

    for (1 .. 500) {
        my $number = 20000 + int rand 12000;

        my $held = IO::Socket::INET->new(
            Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => $number,
        ) or next;

        IO::Socket::INET->new(
            Proto => 'tcp', LocalAddr => '127.0.0.1', LocalPort => $number,
            Listen => 1, ReuseAddr => 1,
        ) or next;

        $self->{port_held}{$which} = { number => $number, socket => $held };

        return $number;
    }

    croak 'no free port';
}


sub write ($self, $name, $text) {
    my $path = "$self->{dir}/$name";

    open my $fh, '>:raw', $path or croak "$path: $!";
    utf8::encode($text) if utf8::is_utf8($text);
    print $fh $text;
    close $fh or croak "$path: $!";

    return $path;
}


sub read ($self, $name) {
    open my $fh, '<:raw', "$self->{dir}/$name" or return '';
    local $/;
    return <$fh> // '';
}


# the process

# Tries the configuration only: (exit status, what nginx said).

sub check ($self) {
    my $text = do {
        local %ENV = $self->_environment;
        my $nginx = $self->nginx;
        qx('$nginx' -t -p '$self->{dir}/' -c nginx.conf -e error.log 2>&1);
    };

    return ($? >> 8, $text);
}


sub _environment ($self) {
    return (
        %ENV,
        ASAN_OPTIONS  => 'detect_leaks=0',
        UBSAN_OPTIONS => 'print_stacktrace=1',
    );
}


# A library of t/lib/shim, and what it is told by its environment, from the
# next start on.  Before the configuration is written, if it is to be handed to
# a new binary (USR2), too.

sub preload ($self, $name, %environment) {
    mkdir "$root/build";

    system('flock', "$root/build/.shim", 'make', '-s',
           '-C', "$root/t/lib/shim") == 0
        or croak "no $name.so";

    push @{ $self->{preloaded} }, "$root/build/shim/$name.so";
    $self->{preload} = { %{ $self->{preload} }, %environment };

    return $self;
}


# a sanitizer's library insists on being the first one

sub _preload ($self) {
    my @all = @{ $self->{preloaded} } or return;

    unshift @all, split ' ', qx(cc -print-file-name=libasan.so)
        if $self->nginx =~ /sanitize/;

    return (LD_PRELOAD => "@all", %{ $self->{preload} });
}


# nginx goes into the background by itself: with "daemon off" and its parent
# alive it would take itself for the new half of a binary upgrade.

sub start ($self) {
    $self->config if !-e "$self->{dir}/nginx.conf";

    my $said = do {
        local %ENV = ($self->_environment, $self->_preload);
        my $nginx = $self->nginx;
        qx('$nginx' -p '$self->{dir}/' -c nginx.conf -e error.log 2>&1);
    };

    $self->write('stdout', $said);
    $self->_give_up("nginx did not start, status $?") if $?;

    # an absolute path, above: a binary upgrade executes it again

    wait_for(sub { $self->_up }, START_TIMEOUT, 'nginx starts')
        or $self->_give_up('nginx did not start');

    return $self;
}


sub _up ($self) {
    $self->{pid} ||= $self->_pid_file || return;

    $self->_give_up('nginx stopped at once') if _state($self->{pid}) eq '';

    return $self->_listens && $self->workers >= $self->{workers};
}


sub _pid_file ($self) {
    return $self->read('nginx.pid') =~ /^(\d+)/ ? $1 : 0;
}


sub _listens ($self) {
    for my $held (values %{ $self->{port_held} }) {
        return 1 if IO::Socket::INET->new(
            Proto => 'tcp', PeerAddr => '127.0.0.1', PeerPort => $held->{number}
        );
    }

    return !%{ $self->{port_held} };
}


sub _give_up ($self, $why) {
    Test::More::diag($self->read('stdout'), $self->_tail);
    die "$why\n";
}


sub _tail ($self) {
    my @lines = split /^/, $self->log;
    splice @lines, 0, -40 if @lines > 40;
    return join '', @lines;
}


# what the log says from a line on: a sanitizer's report is long

sub _from ($self, $line) {
    my $text = $self->log . $self->read('stdout');
    my @lines = split /^/, substr $text, index($text, $line);

    return join '', @lines > 40 ? @lines[0 .. 39] : @lines;
}


sub stop ($self, $signal = 'QUIT') {
    my $pid = delete $self->{pid} or return $self;

    kill $signal, $pid;

    return $self if $self->_gone($pid, STOP_TIMEOUT);

    kill 'TERM', $pid;

    if (!$self->_gone($pid, 5)) {
        kill 'KILL', $self->_children($pid), $pid;
        $self->_gone($pid, 5);
    }

    push @{ $self->{broken} },
        "nginx was still there ${\ STOP_TIMEOUT} s after $signal";

    return $self;
}


sub _gone ($self, $pid, $timeout) {
    return wait_for(sub { ended($pid) }, $timeout, "$pid exits");
}


# A zombie has ended, too: nobody may be there to bury it.  But not while
# another thread of it is: that one holds the sockets and files of all.

sub ended ($pid) {
    my $state = _state($pid);

    return $state ne 'Z' ? $state =~ /^X?$/
                         : (my @threads = glob "/proc/$pid/task/*") <= 1;
}


sub _state ($pid) {
    open my $fh, '<', "/proc/$pid/stat" or return '';
    return (<$fh> // '') =~ /\) (\w)/ ? $1 : '';
}


# Waits until the old workers are gone as well, unless told not to.

sub reload ($self, %opt) {
    my %old = map { $_ => 1 } $self->workers;
    my $timeout = $opt{timeout} || STOP_TIMEOUT;

    kill 'HUP', $self->{pid};

    wait_for(sub { grep !$old{$_}, $self->workers }, $timeout, 'new workers')
        or croak 'no new workers after a reload';

    return $self if exists $opt{wait} && !$opt{wait};

    wait_for(sub { !grep { $old{$_} } $self->_children($self->{pid}) },
             $timeout, 'old workers exit')
        or croak 'the old workers are still there';

    return $self;
}


# Process ids of the workers that take requests.

sub workers ($self, $pid = $self->{pid}) {
    return if !$pid;

    return grep {
        open my $fh, '<', "/proc/$_/cmdline";
        $fh && (<$fh> // '') =~ /^nginx: worker process(?! is shutting)/;
    } $self->_children($pid);
}


sub _children ($self, $pid) {
    open my $fh, '<', "/proc/$pid/task/$pid/children" or return;
    return split ' ', <$fh> // '';
}


# The process that has the lock of the database at this moment.

sub lock_holder ($self) {
    my $ino = (stat $self->state_dir . '/chat.lock')[1] // return;

    open my $fh, '<', '/proc/locks' or croak "/proc/locks: $!";

    # one that waits for it has an arrow

    my ($pid) = map { /FLOCK\s+ADVISORY\s+WRITE (\d+) \S+:$ino / ? $1 : () }
                grep { !/->/ } <$fh>;

    return $pid;
}


# Kills a worker (the first unless told which) and waits for its successor.

sub kill_worker ($self, $victim = ($self->workers)[0], $signal = 'KILL') {
    my $number = { KILL => 9, SEGV => 11, ABRT => 6 }->{$signal} // '\d+';
    my %old = map { $_ => 1 } $self->workers;

    $self->allow(qr/\[alert\].* process $victim exited on signal $number/);

    kill $signal, $victim;

    wait_for(sub { grep !$old{$_}, $self->workers },
             STOP_TIMEOUT, 'a new worker')
        or croak 'no new worker after one was killed';

    return $victim;
}


# Another binary in place of the running one (the same file here).  The old
# master leaves unless it is to stay: then "finish_upgrade" sends it away.

sub upgrade ($self, %opt) {
    my $old = $self->{pid};

    kill 'USR2', $old;

    wait_for(sub {
        my $new = $self->_pid_file;
        $new && $new != $old && $self->workers($new) >= $self->{workers};
    }, START_TIMEOUT, 'the new binary') or croak 'no new master after USR2';

    $self->{old_pid} = $old;
    $self->{pid} = $self->_pid_file;

    return $opt{keep_old} ? $self : $self->finish_upgrade;
}


sub finish_upgrade ($self, $signal = 'QUIT') {
    my $old = delete $self->{old_pid} or return $self;

    kill $signal, $old;
    $self->_gone($old, STOP_TIMEOUT) or croak 'the old master is still there';

    return $self;
}


# people

# A browser with cookies of its own, and nothing opened yet.

sub browser ($self, %opt) {
    return Chat::Agent->new(chat => $self, %opt);
}


sub visitor ($self, %opt) {
    return Chat::Visitor->new(chat => $self, %opt)->open;
}


# The first account, made with the one-time code, and logged in.

sub admin ($self) {
    return $self->{admin} ||= Chat::Admin->new(
        chat => $self, login => 'admin', name => 'Ada',
        password => 'correct horse battery',
    )->set_up->log_in;
}


# Another account, made by the administrator, and logged in.

sub operator ($self, %opt) {
    my $n = ++$self->{operators};

    my %account = (
        login => "agent$n", name => "Agent $n", role => 'agent',
        password => "agent $n has a password", %opt,
    );

    my $id = $self->admin->create(%account);

    return Chat::Operator->new(chat => $self, id => $id, %account)->log_in;
}


# below HTTP

sub socket ($self, $port = $self->port) {
    return IO::Socket::INET->new(
        Proto => 'tcp', PeerAddr => '127.0.0.1', PeerPort => $port,
    ) // croak "connect: $!";
}


# Sends bytes as they are, returns all that comes until nginx closes (say
# "Connection: close") or nothing has come for so many seconds.

sub raw ($self, $bytes, %opt) {
    my $socket = $self->socket($opt{port} || $self->port);
    my $timeout = $opt{timeout} || 10;
    my $answer = '';

    $socket->syswrite($_) for ref $bytes ? @$bytes : $bytes;
    $socket->shutdown(1) if $opt{shutdown};

    my $select = IO::Select->new($socket);

    while ($select->can_read($timeout)) {
        $socket->sysread($answer, 65536, length $answer) or last;
    }

    return $answer;
}


# curl, for what Mojolicious does not speak: "--http2".  (status, output)

sub curl ($self, @args) {
    my $pid = open my $fh, '-|', 'curl', '-sSk', '--max-time', 30, @args
        or croak "curl: $!";

    my $output = do { local $/; <$fh> };
    close $fh;

    return wantarray ? ($? >> 8, $output) : $output;
}


# what is on the disk

sub rows ($self, $sql, @values) {
    my $file = $self->state_dir . '/chat.db';

    my $db = DBI->connect("dbi:SQLite:uri=file:$file?mode=ro", '', '', {
        RaiseError => 1, PrintError => 0, sqlite_unicode => 1,
    });
    $db->sqlite_busy_timeout(5000);

    return @{ $db->selectall_arrayref($sql, { Slice => {} }, @values) };
}


# all that was said and done, as text: what has changed shows

sub contents ($self) {
    my @lines;

    for my $table (qw(operator session visitor conversation event audit
                       block trigger)) {
        my $row = join " || ' ' || ", map { "quote($_->{name})" }
                  $self->rows("PRAGMA table_info($table)");

        push @lines, map { "$table: $_->{row}" }
                     $self->rows("SELECT $row AS row FROM $table ORDER BY 1");
    }

    return join "\n", @lines;
}


sub log ($self) { $self->read('error.log') }


sub wait_for_log ($self, $pattern, $timeout = 10) {
    return wait_for(sub { $self->log =~ $pattern }, $timeout, "log $pattern");
}


# the end

# An alert that this test provokes on purpose.

sub allow ($self, $pattern) {
    push @{ $self->{allowed} }, $pattern;
    return $self;
}


# Every answer comes past here: it must be one that docs/api.yaml describes.

sub judge ($self, $tx) {
    my $path = $tx->req->url->path->to_string;
    my $prefix = "$self->{prefix}api/v1";

    return if $path !~ s/^\Q$prefix\E//
              && $path !~ s{^\Q$self->{prefix}\Emetrics$}{/metrics};
    return if !defined $tx->res->code;

    $self->{answers}++;

    my $what = join ' ', $tx->req->method, $path, $tx->res->code;

    for my $error (OpenAPI->contract->errors($tx, $path)) {
        $self->complain("$what: $error");
    }
}


sub complain ($self, $what) {
    Test::More::diag("not as documented: $what");
    push @{ $self->{undocumented} }, $what;
}


sub alarming ($self) {
    my @lines = grep {
        /\[(?:alert|emerg)\]/ || /Sanitizer/
            || (/runtime error:/ && !m{^src/});
    } split /\n/, $self->log . $self->read('stdout');

    for my $pattern (@{ $self->{allowed} }) {
        @lines = grep { $_ !~ $pattern } @lines;
    }

    return @lines;
}


sub done ($self) {
    $self->finish_upgrade;
    $self->stop;
    $self->{finished} = 1;

    Test::More::is_deeply($self->{broken}, [], 'nginx came and went quietly');

    my @alarming = $self->alarming;

    Test::More::is(join("\n", @alarming), '', 'no alerts in the log')
        or Test::More::diag($self->_from($alarming[0]));

    if ($self->{answers}) {
        Test::More::is(scalar @{ $self->{undocumented} // [] }, 0,
                       'every answer is as documented');
    }

    alarm(0);
    Test::More::done_testing();
}


# An object that a closure holds is destroyed when it is too late to wait for
# its nginx.

END {
    for my $t (grep { $_ && $_->{pid} && $_->{owner} == $$ } @all) {
        Test::More::diag("nginx was left running: where is done()?");
        $t->DESTROY;
        $? ||= 1;
    }
}


sub DESTROY ($self) {
    return if $self->{owner} != $$ || $self->{finished};

    local ($?, $@, $!);

    Test::More::diag($self->_tail);

    for my $pid (grep defined, delete @$self{qw(old_pid pid)}) {
        kill 'TERM', $pid;
        eval { $self->_gone($pid, 5) }
            or kill 'KILL', $self->_children($pid), $pid;
    }
}


1;

#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Requests made from docs/api.yaml by chance, right ones and such that somebody
# has played with, from everybody.  Right ones succeed; whatever comes, the
# answer is one that the contract describes, what it forbids is refused, and
# nothing is a mistake of the server.
#
#     CHAT_FUZZ_SECONDS=600 CHAT_TIMEOUT=700   for longer (see script/fuzz)
#     CHAT_FUZZ_SEED=1                         the same requests again

use lib 't/lib';
use Chat;

use Cpanel::JSON::XS ();
use IO::Select ();
use Mojo::Message::Response ();
use Mojo::Transaction::HTTP ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(time);

use OpenAPI ();
use Requests ();

my $seconds = $ENV{CHAT_FUZZ_SECONDS} // 4;
my $seed = $ENV{CHAT_FUZZ_SEED} // int rand 2 ** 31;

srand $seed;
diag("CHAT_FUZZ_SEED=$seed");

# Everyone who knocks has an address of their own: no brake on log-ins.

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    set_real_ip_from 127.0.0.1;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ {
            chat;
            chat_poll_timeout 1s;
        }
    }
}
CONF

my $requests = Requests->new;
my $contract = OpenAPI->contract;

my %operation = map { $_->{operationId} => $_ }
                $requests->operations;

# What the schema can't say: a network is one, a picture is an address of a
# certain kind, each fact has its comparisons.  What is right by the schema may
# then be refused with 422, if the answer names the field.

my %finer = map { $_ => 1 }
            qw(block setBrand setForm setWords fillForm listInvitations
               reportInvitation createTrigger replaceTrigger changeTrigger
               reportPage listBlocks);

# who is blocked, has a wrong word or a form to fill in is refused, and rightly,
# so these are undone at once

my %undone = map { $_ => 1 } qw(block setForm setWords);

my $decoder = Cpanel::JSON::XS->new->utf8->allow_nonref;

my %problem = $contract->{doc}{info}{description}
    =~ /^- (?=\d+ `)(\d+) `([a-z-]+)`/mg;
my %status = map { reverse /(\d+) `([a-z-]+)`/ }
             split /\n/, $contract->{doc}{info}{description};
delete $status{''};

my (%count, %codes, @wrong, %cookie, $connection, $pids);

# the judge knows right from wrong

for my $case (
    [1, '{"client_id":"12345678","text":"a","more":1}'],
    [0, '{"client_id":"12345678","text":5}'], [0, '{"text":"a"}'],
    [0, '{"client_id":"1234567","text":"a"}'], [0, '[]'], [0, '{"text":'],
    [0, '{"client_id":"12345678","text":"' . 'a' x 4001 . '"}'],
    [1, '{"client_id":"12345678","text":"' . 'a' x 4000 . '"}'],
) {
    my ($fits, $body) = @$case;

    is(body_fits({ operation => $operation{sendVisitorMessage},
                   body => $body }) ? 1 : 0, $fits, substr $body, 0, 40);
}

is(query_fits({ operation => $operation{listVisitorHistory},
                query => { limit => $_ } }) ? 1 : 0, 0, "limit=$_")
    for '', 0, 101, 'x', '-';

# before there is an account: the only time that this is answered

set_up($_) for 1 .. 30;

my $admin = $t->admin;
my %account = (admin => $admin);

$account{$_} = $t->operator(role => $_, login => $_) for qw(agent supervisor);
$account{leaver} = $t->operator(login => 'leaver');

my $victim = $admin->create(login => 'victim', name => 'Vic', role => 'agent',
                            password => 'victim has a password');

log_in($_) for sort keys %account;
$cookie{nobody} = '';
$cookie{forged} = 'chat_visitor=' . 'A' x 43 . '; chat_operator=' . 'B' x 43;
($cookie{visitor}) = newcomer();

$pids = join ' ', sort $t->workers;

my @operations = map { ($_) x (heavy($_) ? 1 : 6) } sort keys %operation;
my $until = time + $seconds;

# a busy machine has to ask so many as well

while ((time < $until || ($count{valid} // 0) < 20) && @wrong < 5) {
    my $operation = $operation{ $operations[rand @operations] };

    rand() < 0.3 ? as_documented($operation) : played_with($operation);

    look_at_log() if $count{requests} % 1000 == 0;
}

look_at_log();

my $sum = join ', ', map { "$codes{$_} x $_" } sort keys %codes;

diag("$count{requests} requests, $count{valid} of them right, answers: $sum");

is_deeply(\@wrong, [], 'every answer is right');
is(join(' ', sort $t->workers), $pids, 'no worker has died');
cmp_ok($count{valid}, '>', 10, 'right ones were among them');
is($t->visitor->say('hello')->code, 201, 'it still works');

$t->done;


# what is asked

sub heavy ($id) {
    return $id =~ /^(?:logIn|logOut|changeOwnPassword|setOperatorPassword
                    |createOperator|setUpFirstOperator)$/x;
}


sub set_up ($n) {
    my $operation = $operation{setUpFirstOperator};
    my $request = $requests->mutate($requests->valid($operation));

    my $answer = ask($request, '');

    complain($request, '', $answer, 'an account without the code')
        if ($answer->{code} // 0) == 201;
}


sub log_in ($role) {
    my $person = $account{$role};

    my $answer = ask($requests->valid($operation{logIn},
        login => $person->login, password => $person->password), '');

    my ($session) = ($answer->{head} // '')
                    =~ /^Set-Cookie: (chat_operator=[^;]+)/mi;

    die "$role could not log in: ", $answer->{code} // 'no answer', "\n"
        if !$session;

    $cookie{$role} = $session;
}


# the cookie of a visitor with a conversation, and its number

sub newcomer () {
    my $opened = ask(right($operation{openVisitorSession}), '');
    my ($cookie) = $opened->{head} =~ /^Set-Cookie: (chat_visitor=[^;]+)/mi;

    my $said = ask(right($operation{sendVisitorMessage}), $cookie);

    return ($cookie, $said->{json}{conversation}{id});
}


sub filled ($operation) {
    my $id = $operation->{operationId};
    my %fill;

    $fill{wait} = 0 if $id =~ /^poll/;

    $fill{id} = $operation->{path} =~ m{^admin/} ? $victim : (newcomer())[1]
        if $operation->{path} =~ /\{id\}/;

    %fill = (login => 'agent', password => $account{agent}->password)
        if $id eq 'logIn';

    %fill = map { $_ => $account{agent}->password } qw(current password)
        if $id eq 'changeOwnPassword';

    return %fill;
}


sub rightly ($operation) {
    my $id = $operation->{operationId};

    return $operation->{path} =~ m{^visitor/} ? 'visitor'
           : $id =~ /^(?:logIn|setUpFirstOperator)$/ ? 'nobody'
           : $id eq 'logOut' ? 'leaver'
           : $id eq 'changeOwnPassword' ? 'agent' : 'admin';
}


# as the contract says, and without the signature that only the site can make

sub right ($operation, %fill) {
    my $request = $requests->valid($operation, %fill);

    if ($operation->{operationId} ne 'proveIdentity'
        && ref $request->{data} eq 'HASH' && delete $request->{data}{identity})
    {
        $request->{body} = $decoder->encode($request->{data});
    }

    return $request;
}


sub as_documented ($operation) {
    my $id = $operation->{operationId};

    return if $id eq 'setUpFirstOperator';

    log_in('leaver') if $id eq 'logOut';

    my $who = rightly($operation);
    my $request = right($operation, filled($operation));

    # a login may be taken, and of what is not made here none may be there

    my $other = $id eq 'block'
                || $operation->{path} =~ m{\{id\}}
                && $operation->{path} !~ m{/(?:conversations|operators)/};

    my $answer = ask($request, $cookie{$who});
    my $code = $answer->{code} // 0;

    $count{valid}++;

    complain($request, $who, $answer, 'a right request fails')
        if $code !~ /^2/ && !($id eq 'createOperator' && $code == 409)
           && !($other && $code == 404)
           && !($id eq 'proveIdentity' && $code == 403)
           && !($finer{$id} && $code == 422 && $answer->{json}{field});

    undo() if $undone{$id};

    log_in('agent') if $id eq 'changeOwnPassword';
}


sub played_with ($operation) {
    my $id = $operation->{operationId};

    # nobody learns the password of an account that is still needed

    my %fill = $id =~ /^(?:logIn|changeOwnPassword)$/ ? ()
                                                      : filled($operation);

    my $who = rand() < 0.6 ? rightly($operation)
                           : (sort keys %cookie)[rand keys %cookie];

    my $request = $requests->mutate($requests->valid($operation, %fill));
    my $answer = ask($request, $cookie{$who});
    my $code = $answer->{code} // 0;
    my $wanted = wanted($request, $who);

    complain($request, $who, $answer, "the answer should be $wanted")
        if $wanted && $code && $code !~ $wanted;

    log_in($who)
        if $account{$who} && $request->{method} eq 'DELETE' && $code == 204
           && $request->{path} =~ /session/;

    undo() if $undone{$id} && $code =~ /^2/;
}


# by another client than the one that plays

sub undo () {
    $admin->put('admin/words', { action => 'refuse', list => '' });
    $admin->put('admin/form', { ask => 'never', fields => [] });
    $admin->delete("operator/blocks/$_->{id}")
        for @{ $admin->get('operator/blocks')->json->{blocks} };
}


# What the contract says of it, or nothing where it leaves that open.

sub wanted ($request, $who) {
    my $operation = $request->{operation};
    my ($path) = $request->{path};
    my $pattern = $operation->{path} =~ s/\{id\}/\\d+/r;

    return if $request->{rough} || $request->{method} ne $operation->{method}
              || $path !~ /^$pattern$/;

    return if grep { exists $request->{headers}{$_} }
              qw(Cookie Authorization Origin Sec-Fetch-Site);

    return qr/^4/ if forbidden($operation, $who) || !query_fits($request);

    # where nothing is asked, the answers are not looked at

    return qr/^(?:204|4)/ if $operation->{path} eq 'visitor/form';
    return qr/^4/ if !body_fits($request);

    return if plain($request);

    return qr/^(?:2|4(?:01|03|04|09|13|14|15|22|29))/;
}


sub forbidden ($operation, $who) {
    return 0 if !keys %{ $operation->{security}[0] };

    my ($area) = $operation->{path} =~ m{^(\w+)/};
    my %may = (visitor => 'visitor', admin => 'admin',
               operator => 'admin|agent|supervisor|leaver');

    return $who !~ /^(?:$may{$area})$/;
}


sub query_fits ($request) {
    my $query = $request->{query};

    for my $parameter (@{ $request->{operation}{parameters} }) {
        my ($name, $schema) = @$parameter{qw(name schema)};
        my $value = $query->{$name};

        next if $parameter->{in} ne 'query';

        if (!defined $value) {
            return 0 if $parameter->{required};
            next;
        }

        if ($schema->{enum}) {
            return 0 if $value !~ /&/ && !grep { $_ eq $value }
                                         @{ $schema->{enum} };
            next;
        }

        if ($schema->{type} eq 'string') {
            return 0 if $value !~ /[&%+]/
                        && (length $value < ($schema->{minLength} // 0)
                            || length $value > $schema->{maxLength});
            next;
        }

        return 0 if $value =~ /^[^0-9&]*$/
                    || $value =~ /^\d{1,15}$/
                       && ($value < $schema->{minimum}
                           || $value > ($schema->{maximum} // $value));
    }

    return 1;
}


sub body_fits ($request) {
    my $schema = $request->{operation}{schema} or return 1;
    my $body = $request->{body};

    return 1 if !length $body && !$request->{operation}{requestBody}{required};
    return 0 if length $body > 65_536;

    my $data;

    return 0 if $body =~ /^(?:\xfe\xff|\xff\xfe|\xef\xbb\xbf)/
                || !eval { $data = $decoder->decode($body); 1 }
                || !modest($data);

    # JSON that is open to more than one reading is left to the unit tests

    return 1 if $body =~ /\d{15}|\de\d|\.\d/;

    return !$contract->_validate($schema, $data);
}


# depth, values, members: no more than the contract says

sub modest ($data, $depth = 0, $n = \my $values) {
    return 0 if ++$$n > 4096;
    return 1 if ref($data) !~ /^(?:ARRAY|HASH)$/;
    return 0 if $depth >= 16 || ref $data eq 'HASH' && keys %$data > 128;

    for my $value (ref $data eq 'HASH' ? values %$data : @$data) {
        return 0 if !modest($value, $depth + 1, $n);
    }

    return 1;
}


# nothing in it that the contract forbids in words only, and nothing missing

sub plain ($request) {
    return !%{ $request->{headers} } && length($request->{body} // '') < 60_000;
}


# how it is asked

sub ask ($request, $cookie) {
    $count{requests}++;

    my @pieces = pieces($request, $cookie);
    my $rough = $request->{rough} || $request->{transfer};
    my $fresh = $rough || exists $request->{headers}{Connection};

    my $socket = $fresh ? dial() : ($connection //= dial());
    my $answer = exchange($socket, $request, \@pieces,
                          starved($request) ? 0.5 : 10);

    # nginx may have closed it meanwhile

    if (!$fresh && !defined $answer->{code} && !$answer->{late}) {
        $connection = dial();
        $answer = exchange($connection, $request, \@pieces, 10);
    }

    $connection = undef if !$fresh && !$answer->{stays};

    $codes{ $answer->{code} // ($answer->{late} ? 'waiting' : 'closed') }++;
    judge($request, $cookie, $answer);

    return $answer;
}


# nginx waits for more of it than there is

sub starved ($request) {
    return ($request->{transfer} // '') =~ /^(?:long|huge)$/;
}


# a body in a packet of its own must not wait for an acknowledgement

sub dial () {
    my $socket = $t->socket;
    setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
    return $socket;
}


sub pieces ($request, $cookie) {
    my %headers = (
        Host => $t->origin =~ s{.*/}{}r, Origin => $t->origin,
        'X-Real-IP' => join('.', map { 1 + int rand 250 } 1 .. 4),
        length $cookie ? (Cookie => $cookie) : (),
        defined $request->{body} ? ('Content-Type' => 'application/json') : (),
        %{ $request->{headers} },
    );

    my $path = $request->{path} =~ m{^/} ? "/chat/api/v1$request->{path}"
                                         : "/chat/api/v1/$request->{path}";
    my $query = join '&', map { "$_=$request->{query}{$_}" }
                          sort keys %{ $request->{query} };

    my $line = "$request->{method} $path" . (length $query ? "?$query" : '');

    utf8::encode($line) if utf8::is_utf8($line);
    $line =~ s/ (?=.* )/%20/g if $line =~ s/^(\w+) //;

    my ($version, $body, %more) = transfer($request);

    %headers = (%headers, %more);

    my $head = join '', map { "$_: $headers{$_}\r\n" }
                        grep { defined $headers{$_} } sort keys %headers;

    utf8::downgrade($head);

    return ("$request->{method} " . ($line =~ s/ /%20/gr)
            . " HTTP/$version\r\n$head\r\n", @$body);
}


# (version, pieces of the body, further headers)

sub transfer ($request) {
    my $body = $request->{body} // return ('1.1', []);
    my $how = $request->{transfer} // '';
    my $n = length $body;

    my $chunks = sub ($size, $extension = '') {
        return [ (map { sprintf "%x%s\r\n%s\r\n", length, $extension, $_ }
                  unpack "(a$size)*", $body), "0\r\n\r\n" ];
    };

    my %chunked = ('Transfer-Encoding' => 'chunked');

    return $how eq 'chunks' ? ('1.1', $chunks->(1000), %chunked)
         : $how eq 'tiny' ? ('1.1', [join '', @{ $chunks->(3) }], %chunked)
         : $how eq 'extension'
             ? ('1.1', $chunks->(500, ';a=' . 'b' x 3000), %chunked)
         : $how eq 'badchunk' ? ('1.1', ["zz\r\n$body\r\n0\r\n\r\n"], %chunked)
         : $how eq 'huge' ? ('1.1', ["ffffffffffffffff\r\n$body"], %chunked)
         : $how eq 'both' ? ('1.1', $chunks->(100), %chunked,
                             'Content-Length' => $n)
         : $how eq 'short' ? ('1.1', [$body], 'Content-Length' => int($n / 2))
         : $how eq 'long' ? ('1.1', [$body], 'Content-Length' => $n + 10)
         : $how eq 'old' ? ('1.0', [$body], 'Content-Length' => $n)
         : $how eq 'expect' ? ('1.1', [$body], 'Content-Length' => $n,
                               Expect => '100-continue')
         : ('1.1', [$body], 'Content-Length' => $n);
}


# {code, head, body, json, stays} or, when nothing came, {late}

sub exchange ($socket, $request, $pieces, $timeout) {
    local $SIG{PIPE} = 'IGNORE';

    my $select = IO::Select->new($socket);
    my $bytes = '';

    # a poll that is none any more, or a stream, may wait

    $timeout = 0.2 if $request->{operation}{operationId} =~ /^poll/
                      && (!query_fits($request) || !defined
                          $request->{query}{wait}
                          || $request->{query}{wait} ne '0');

    $socket->syswrite($_) // last for @$pieces;

    while ($select->can_read($timeout)) {
        $socket->sysread($bytes, 65536, length $bytes) or last;

        $bytes =~ s{\AHTTP/1.1 1\d\d.*?\r\n\r\n}{}s;

        my $answer = whole($bytes, $request->{method});
        return $answer if $answer;
        $count{began} = 1;
    }

    return whole($bytes, 'HEAD') // { late => !$socket->eof || 1 }
        if length $bytes;

    return { late => $select->can_read(0) ? 0 : 1 };
}


sub whole ($bytes, $method) {
    my ($code, $head, $body) = $bytes
        =~ m{\AHTTP/1\.1\ (\d+)[^\r\n]*\r\n(.*?\r\n)\r\n(.*)\z}sx or return;

    my ($length) = $head =~ /^Content-Length: (\d+)/mi;

    $length = 0 if $method eq 'HEAD' || $code =~ /^(?:204|304)$/;

    # a stream has no end

    my $stream = !defined $length;

    return if !$stream && length $body < $length;

    return {
        code => $code, head => $head, body => $stream ? '' : $body,
        stays => !$stream && $head !~ /^Connection: close/mi,
        json => scalar eval { $decoder->decode($body) },
    };
}


# what is wrong with it

sub judge ($request, $cookie, $answer) {
    my $code = $answer->{code};

    if (!defined $code) {
        complain($request, $cookie, $answer, 'no answer')
            if !$request->{rough}
               && $request->{operation}{operationId} !~ /^poll/;
        return;
    }

    return complain($request, $cookie, $answer, 'a mistake of the server')
        if $code >= 500 && $code != 501 && $code != 505;

    # nginx's own pages, for what is no HTTP or larger than it takes

    return if $answer->{head} =~ m{^Content-Type: text/html}mi
              && $code =~ /^(?:400|405|411|413|414|501|505)$/;

    my $tx = Mojo::Transaction::HTTP->new;

    $tx->req->method($request->{method});
    $tx->res->parse("HTTP/1.1 $code X\r\n$answer->{head}\r\n$answer->{body}");

    complain($request, $cookie, $answer, $_)
        for $request->{rough} || $request->{method} eq 'HEAD' ? ()
            : $contract->errors($tx, "/$request->{path}");

    my $type = ref $answer->{json} eq 'HASH' && $answer->{json}{type};

    complain($request, $cookie, $answer, "no problem of the contract: $type")
        if $code >= 400 && $type
           && ($status{ $type =~ s/^urn:ngx-chat://r } // 0) != $code;
}


sub complain ($request, $who, $answer, $what) {
    my $bytes = join '', pieces($request, '');

    $bytes = substr($bytes, 0, 1500) . "... ($_ bytes)"
        for grep { $_ > 1500 } length $bytes;
    $bytes =~ s/([^ -~\n])/sprintf '\\x%02x', ord $1/ge;

    push @wrong, "$what: $request->{operation}{operationId} as $who";

    diag("$wrong[-1]\n$bytes\n=> ", $answer->{code} // 'no answer', ' ',
         substr($answer->{body} // '', 0, 500),
         "\n(request $count{requests}, CHAT_FUZZ_SEED=$seed)");
}


sub look_at_log () {
    my @lines = grep { /\[(?:error|crit|alert|emerg)\]/ && !/no operator yet|: \*\d+ client (?:sent|intended)/ }
                split /\n/, $t->log;

    return if !@lines;

    push @wrong, "in the log: $lines[0]";
    diag($lines[0]);
}

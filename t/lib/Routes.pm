package Routes;

# Copyright (C) ngx_chat_module contributors

# All routes, from the tables in ngx_chat_module/api: a walk over them can't
# forget one.  Each has a request that would be good if the right one made it,
# so that nothing else than the caller is why it is refused; a route without
# an example here ends the test that asks for it.

use v5.36;

use Cwd qw(abs_path);
use File::Basename qw(dirname);

my $api = abs_path(dirname(__FILE__) . '/../..') . '/ngx_chat_module/api';

my $message = { client_id => 'walk-client-id', text => 'walked' };

my %example = (
    'POST visitor/session' => { locale => 'fr' },
    'DELETE visitor/session' => undef,
    'GET visitor/availability' => {},
    'GET visitor/events' => { after => 0, wait => 0 },
    'GET visitor/history' => {},
    'POST visitor/messages' => $message,
    'POST visitor/form' => { answers => [] },
    'POST visitor/typing' => { typing => \1, text => 'walked' },
    'POST visitor/read' => { up_to => 1 },
    'POST visitor/close' => undef,
    'POST visitor/page' => { url => '/walked', title => 'Walked' },
    'POST visitor/identity' => {
        identity => { id => 'walked', signature => '0' x 64 },
    },

    'GET admin/brand' => {},
    'PUT admin/brand' => { colour => '#112233' },
    'GET admin/form' => {},
    'PUT admin/form' => { ask => 'never', fields => [] },
    'GET admin/words' => {},
    'PUT admin/words' => { action => 'refuse', list => '' },
    'GET visitor/invitation' => { page => '/walked' },
    'POST visitor/invitation' => { trigger => 1, outcome => 'shown' },

    'POST operator/setup' => {
        code => 'AAAA-AAAA-AAAA-AAAA-AAAA', login => 'walked',
        name => 'Walked', password => 'a walked password',
    },
    'POST operator/session' => {
        login => 'walked', password => 'a walked password',
    },
    'GET operator/session' => {},
    'DELETE operator/session' => undef,
    'PUT operator/password' => {
        current => 'correct horse battery', password => 'a walked password',
    },
    'PUT operator/presence' => { status => 'away' },
    'GET operator/operators' => {},
    'GET operator/events' => { after => 0, wait => 0 },
    'GET operator/visits' => {},
    'GET operator/visits/:id' => {},
    'POST operator/visits/:id/invite' => { text => 'walked' },
    'POST operator/visits/:id/block' => { mode => 'refuse' },

    'GET operator/conversations' => { state => 'all' },
    'GET operator/conversations/:id' => {},
    'GET operator/conversations/:id/earlier' => {},
    'GET operator/conversations/:id/events' => {},
    'POST operator/conversations/:id/take' => { force => \1 },
    'POST operator/conversations/:id/messages' => $message,
    'POST operator/conversations/:id/typing' => { typing => \1 },
    'POST operator/conversations/:id/read' => { up_to => 1 },
    'POST operator/conversations/:id/close' => undef,

    'GET operator/blocks' => { state => 'all' },
    'POST operator/blocks' => { conversation => 1, mode => 'ghost' },
    'DELETE operator/blocks/:id' => undef,

    'GET admin/operators' => {},
    'POST admin/operators' => {
        login => 'walked', name => 'Walked', role => 'admin',
        password => 'a walked password',
    },
    'PATCH admin/operators/:id' => { name => 'Walked', role => 'admin' },
    'PUT admin/operators/:id/password' => { password => 'a walked password' },

    'GET admin/triggers' => {},
    'POST admin/triggers' => { name => 'w', text => 'w', conditions => [] },
    'PUT admin/triggers/:id' => { name => 'w', text => 'w',
                                  conditions => [] },
    'PATCH admin/triggers/:id' => { enabled => \1 },
    'DELETE admin/triggers/:id' => undef,
);


# { name, method, path, auth: ANYBODY, VISITOR, AGENT or ADMIN, id: has one,
#   body: it is read, example }

sub all ($class) {
    state @routes = map { $class->_table($_) } sort glob "$api/*.c";

    return @routes;
}


sub _table ($class, $file) {
    open my $fh, '<', $file or die "$file: $!\n";
    my $text = do { local $/; <$fh> };
    my @routes;

    while ($text =~ /\{ \s* NGX_HTTP_([A-Z]+), \s* ngx_string\("([^"]+)"\), \s*
                     NGX_HTTP_CHAT_([A-Z]+),/xg)
    {
        my ($name, $method, $path, $auth) = ("$1 $2", $1, $2, $3);

        die "t/lib/Routes.pm has no example of $name\n"
            if !exists $example{$name};

        push @routes, {
            name => $name, method => $method, path => $path, auth => $auth,
            id => scalar($path =~ /:id/), writes => scalar($method ne 'GET'),
            body => scalar($method ne 'GET' && defined $example{$name}),
            example => $example{$name},
        };
    }

    return @routes;
}


# What Chat::Agent->request wants: method, path, query or json.

sub request ($class, $route, $id = 1, %opt) {
    my $path = $route->{path} =~ s/:id/$id/r;

    return ($route->{method}, $path,
            !$route->{writes} ? (query => $route->{example})
            : $route->{body} ? (json => $route->{example}) : (), %opt);
}


1;
